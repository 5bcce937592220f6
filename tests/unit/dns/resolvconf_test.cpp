// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolvconf.h"
#include "helper/kernel/process/spawn.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace sallyport;
using namespace sallyport::dns;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const LinkDns kExit{u"sally-exit"_s, {{*IpAddress::parse(u"10.64.0.1"), {}}, {*IpAddress::parse(u"fc00::1"), {}}},
    {u"lan"_s}, {u"."_s}};

/// A program that keeps records as the real ones do, and notes how it was called.
class StandIn {
public:
    StandIn(const char *version, const char *folder)
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(QByteArray("#!/bin/sh\ncd ") + m_folder.path().toUtf8() + " || exit 3\necho \"$*\" >>calls\n"
            + "case $1 in --version) echo '" + version + "' ;;\n-a) mkdir -p " + folder + "; cat >" + folder
            + "/$2 ;;\n-d) rm -f " + folder + "/$2 ;;\n*) exit 99 ;;\nesac\n");
        file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    }

    QString path() const { return m_folder.filePath(u"resolvconf"_s); }
    ResolvconfPaths paths() const { return {{u"/nowhere/resolvconf"_s, path()}, m_folder.path()}; }
    QByteArray calls() const
    {
        QFile file(m_folder.filePath(u"calls"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace

class ResolvconfTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void recordIsReadBackAndRemoved_data();
    void recordIsReadBackAndRemoved();
    void versionIsAskedOnce();
    void failureIsTold();
    void missingProgramIsTold();
    void backgroundOfAProgramIsNotWaitedFor();
    void slowProgramIsEnded();
};

void ResolvconfTest::recordIsReadBackAndRemoved_data()
{
    QTest::addColumn<DnsWay>("way");
    QTest::addColumn<QByteArray>("version");
    QTest::addColumn<QByteArray>("folder");
    QTest::addColumn<QByteArray>("calls");
    QTest::newRow("openresolv") << DnsWay::Openresolv << QByteArray("openresolv 3.12.0") << QByteArray("interfaces")
                                << QByteArray("-a sally-exit -m 0 -x\n-d sally-exit -f\n");
    QTest::newRow("openresolv since 3.13")
        << DnsWay::Openresolv << QByteArray("openresolv 3.17.4") << QByteArray("keys")
        << QByteArray("-a sally-exit -m 0 -x\n-d sally-exit -f\n");
    QTest::newRow("Debian's") << DnsWay::DebianResolvconf << QByteArray("Debian resolvconf 1.91")
                              << QByteArray("interface") << QByteArray("-a tun.sally-exit\n-d tun.sally-exit\n");
}

void ResolvconfTest::recordIsReadBackAndRemoved()
{
    QFETCH(DnsWay, way);
    QFETCH(QByteArray, version);
    QFETCH(QByteArray, folder);
    QFETCH(QByteArray, calls);
    const StandIn program(version.constData(), folder.constData());
    const Resolvconf resolvconf(program.paths());
    QVERIFY(resolvconf.records().empty());
    QVERIFY(resolvconf.put(way, kExit));
    QCOMPARE(resolvconf.records().size(), std::size_t(1));
    QVERIFY(resolvconf.records().front() == kExit);
    QVERIFY(resolvconf.remove(way, kExit.link));
    QVERIFY(resolvconf.records().empty());
    QCOMPARE(program.calls(), calls);
}

void ResolvconfTest::versionIsAskedOnce()
{
    const StandIn program("openresolv 3.12.0", "interfaces");
    Resolvconf resolvconf(program.paths());
    QCOMPARE(resolvconf.version(), "openresolv 3.12.0\n");
    QCOMPARE(resolvconf.version(), "openresolv 3.12.0\n");
    QCOMPARE(program.calls(), "--version\n");
}

void ResolvconfTest::failureIsTold()
{
    const StandIn program("openresolv 3.12.0", "../nowhere/at/all/\"");
    const auto refused = Resolvconf(program.paths()).put(DnsWay::Openresolv, kExit);
    QVERIFY(!refused);
    QVERIFY2(refused.error().detail.startsWith(u"resolvconf -a failed with "), qPrintable(refused.error().detail));
}

void ResolvconfTest::missingProgramIsTold()
{
    Resolvconf resolvconf({{u"/nowhere/resolvconf"_s}, u"/nowhere"_s});
    QVERIFY(resolvconf.version().isEmpty());
    const auto refused = resolvconf.put(DnsWay::Openresolv, kExit);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::FeatureMissing);
}

void ResolvconfTest::backgroundOfAProgramIsNotWaitedFor()
{
    QElapsedTimer timer;
    timer.start();
    const auto end = endOf({u"/bin/sh"_s, {u"-c"_s, u"sleep 20 & echo $!"_s}, {u"PATH=/bin:/usr/bin"_s}, -1, {}}, 10s);
    QVERIFY(end);
    QVERIFY(timer.elapsed() < 9000);
    QCOMPARE(end->status, 0);
    const pid_t left = end->output.trimmed().toInt();
    QVERIFY(left > 1);
    kill(left, SIGKILL);
}

void ResolvconfTest::slowProgramIsEnded()
{
    const auto end = endOf({u"/bin/sleep"_s, {u"100"_s}, {}, -1, {}}, 100ms);
    QVERIFY(end);
    QVERIFY(end->killed);
    const auto failed = endOf({u"/bin/sh"_s, {u"-c"_s, u"cat; exit 7"_s}, {u"PATH=/bin:/usr/bin"_s}, -1, "in"}, 10s);
    QVERIFY(failed && !failed->killed);
    QCOMPARE(failed->status, 7);
    QCOMPARE(failed->output, "in");
}

QTEST_GUILESS_MAIN(ResolvconfTest)
#include "resolvconf_test.moc"
