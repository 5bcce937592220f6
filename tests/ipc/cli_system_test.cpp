// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/secret_key.h"
#include "tests/ipc/cli_world.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

bool isOneLine(const QString &text)
{
    return text.startsWith(u"sally: ") && text.count(u'\n') == 1 && text.endsWith(u'\n');
}

QString publicOf(const QString &privateKey)
{
    const QByteArray text = privateKey.toLatin1();
    const auto key = SecretKey::parse(std::span<const char>(text.constData(), std::size_t(text.size())));
    return key ? key->publicKey().toBase64() : QString();
}

/// In a network namespace of its own, where it is root: sally, and other commands around it.
Ran inNamespace(const QString &busAddress, const QString &script)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, busAddress);
    environment.insert(u"SALLY"_s, QCoreApplication::applicationDirPath() + u"/sally"_s);
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(u"unshare"_s, {u"-rnm"_s, u"bash"_s, u"-c"_s, u"mount -t tmpfs tmpfs /var/lib && "_s + script});
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 30000))
        qFatal("the namespace does not end");
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
        QString::fromUtf8(process.readAllStandardError()), {}};
}

const QString kNoBus = u"unix:path=/nonexistent/bus"_s;

/// What a machine looks like that is locked: the guard's table and the exit's rules, beside things of others.
const QString kLock = uR"(
set -e
nft add table inet sallyport_guard
nft add chain inet sallyport_guard output '{ type filter hook output priority 10; policy drop; }'
nft add table inet others
ip rule add pref 5400 protocol 142 table 2592
ip -6 rule add pref 5400 protocol 142 table 2592
ip rule add pref 5400 protocol 99 table 77
)"_s;
const QString kShow = u"\nnft list tables; ip rule; ip -6 rule"_s;

} // namespace

/// What `sally` does with the machine itself: keys, the check-up, and opening the guard by force.
class CliSystemTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void keygen_makesAPair();
    void keygen_writesAFileThatOnlyTheCallerCanRead();
    void doctor_looksWithoutAHelper();
    void doctor_asksTheHelper();
    void report_isAFileThatOnlyTheCallerCanRead();
    void unlock_isForRoot();
    void unlock_opensWithoutAHelper();
    void unlock_outlivesTheNextBoot();
    void unlock_saysWhenNothingWasLocked();
    void unlock_letsTheHelperDoIt();
    void unlock_doesNotNeedTheHelpersConsent();

private:
    Ran run(const QStringList &arguments) { return Sally(kNoBus).run(arguments); }
    /// In a network of its own, where the name server of this machine is not asked.
    static Ran doctor(const QString &bus, const QStringList &arguments = {})
    {
        Sally sally(bus);
        sally.startThrough({u"unshare"_s, u"--map-root-user"_s, u"--net"_s}, QStringList(u"doctor"_s) + arguments);
        return sally.finish();
    }
    bool m_hasNamespaces = false;
};

void CliSystemTest::initTestCase()
{
    m_hasNamespaces = inNamespace(kNoBus, u"nft add table inet probe"_s).code == 0;
}

void CliSystemTest::keygen_makesAPair()
{
    const Ran ran = run({u"keygen"_s});
    const QStringList lines = ran.out.split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].startsWith(u"private ") && lines[1].startsWith(u"public "));
    QCOMPARE(lines[1].mid(7), publicOf(lines[0].mid(8)));
    const QVariantMap map = json(run({u"keygen"_s, u"--json"_s}));
    QCOMPARE(map.value(u"publicKey"_s).toString(), publicOf(map.value(u"privateKey"_s).toString()));
    QCOMPARE(map.value(u"schema"_s).toInt(), 1);
    QVERIFY(map.value(u"privateKey"_s).toString() != lines[0].mid(8));
    // wg(8) is the judge, where it is installed.
    QProcess wg;
    wg.start(u"wg"_s, {u"pubkey"_s});
    if (!wg.waitForStarted())
        QSKIP("wg (package wireguard-tools) is not installed: nobody else can say whether the keys belong together");
    wg.write(lines[0].mid(8).toLatin1());
    wg.closeWriteChannel();
    QVERIFY(wg.waitForFinished());
    QCOMPARE(QString::fromLatin1(wg.readAllStandardOutput()).trimmed(), lines[1].mid(7));
}

void CliSystemTest::keygen_writesAFileThatOnlyTheCallerCanRead()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"own.key"_s);
    const Ran ran = run({u"keygen"_s, u"--out"_s, path});
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QString secret = QString::fromLatin1(file.readAll()).trimmed();
    QCOMPARE(ran.out, u"public %1\n"_s.arg(publicOf(secret)));
    QVERIFY(!ran.out.contains(secret));
    const auto owner = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    QCOMPARE(file.permissions() & ~(QFileDevice::ReadUser | QFileDevice::WriteUser), owner);
    const Ran again = run({u"keygen"_s, u"--out"_s, path});
    QVERIFY2(again.code == 1 && isOneLine(again.err), qPrintable(again.err));
    QCOMPARE(QFile::symLinkTarget(path), QString());
    QVERIFY(QFile::link(folder.filePath(u"elsewhere"_s), folder.filePath(u"link"_s)));
    QCOMPARE(run({u"keygen"_s, u"--out"_s, folder.filePath(u"link"_s)}).code, 1);
    QVERIFY(!QFile::exists(folder.filePath(u"elsewhere"_s)));
}

void CliSystemTest::doctor_looksWithoutAHelper()
{
    const Ran ran = doctor(kNoBus, {u"--json"_s});
    QCOMPARE(ran.code, 1);
    const QVariantList checks = json(ran).value(u"checks"_s).toList();
    QStringList subjects;
    for (const QVariant &check : checks) {
        const QVariantMap map = check.toMap();
        subjects += map.value(u"subject"_s).toString();
        QVERIFY((QStringList{u"ok"_s, u"warn"_s, u"bad"_s}).contains(map.value(u"state"_s).toString()));
        QVERIFY(!map.value(u"sentence"_s).toString().isEmpty());
        QVERIFY(map.value(u"state"_s) == u"ok"_s || !map.value(u"advice"_s).toString().isEmpty());
    }
    for (const QString &subject :
        {u"helper"_s, u"polkit"_s, u"wireguard"_s, u"nftables"_s, u"resolver"_s, u"other VPNs"_s})
        QVERIFY2(subjects.contains(subject), qPrintable(subject));
    QVERIFY(doctor(kNoBus).out.contains(u"bad   helper"_s));
}

void CliSystemTest::doctor_asksTheHelper()
{
    TestBus bus;
    CliHelper helper(bus.connect());
    helper.snapshot = {{u"conflicts"_s,
        QVariantList{
            QVariantMap{{u"who"_s, u"Tailscale"_s}, {u"what"_s, u"uses its exit."_s}, {u"advice"_s, u"Stop it."_s}}}}};
    const Ran ran = doctor(bus.address());
    QVERIFY2(ran.out.contains(u"The helper answers (version "_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"Tailscale: uses its exit. Stop it."_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"no polkit on the bus"_s), qPrintable(ran.out));
}

void CliSystemTest::report_isAFileThatOnlyTheCallerCanRead()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"report.txt"_s);
    const auto write = [&] {
        Sally sally(kNoBus);
        sally.startThrough({u"unshare"_s, u"--map-root-user"_s, u"--net"_s}, {u"report"_s, file});
        return sally.finish();
    };
    QCOMPARE(write().code, 0);
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QVERIFY(written.readAll().contains("helper: The system bus cannot be reached."));
    QCOMPARE(written.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    const Ran again = write(); // never overwrites
    QCOMPARE(again.code, 1);
    QVERIFY2(isOneLine(again.err), qPrintable(again.err));
}

void CliSystemTest::unlock_isForRoot()
{
    Sally sally(kNoBus);
    if (::geteuid() == 0)
        sally.startThrough({u"setpriv"_s, u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s}, {u"unlock"_s});
    else
        sally.start({u"unlock"_s});
    const Ran ran = sally.finish();
    if (ran.code == 127 || ran.err.contains(u"Permission denied"_s))
        QSKIP("another user cannot run the program in this folder");
    QCOMPARE(ran.code, 3);
    QVERIFY2(isOneLine(ran.err) && ran.err.contains(u"sudo sally unlock"_s), qPrintable(ran.err));
}

void CliSystemTest::unlock_opensWithoutAHelper()
{
    if (!m_hasNamespaces)
        QSKIP("network namespaces with nftables cannot be made here");
    const Ran ran = inNamespace(kNoBus, kLock + u"$SALLY unlock"_s + kShow);
    QVERIFY2(ran.code == 0 && ran.err.isEmpty(), qPrintable(ran.err));
    QVERIFY2(ran.out.contains(u"The table sallyport_guard was removed."_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"The rule of the exit was removed."_s), qPrintable(ran.out));
    QVERIFY2(!ran.out.contains(u"table inet sallyport_guard"_s), qPrintable(ran.out));
    QVERIFY2(!ran.out.contains(u"lookup 2592"_s), qPrintable(ran.out));
    QVERIFY2(ran.out.contains(u"table inet others"_s) && ran.out.contains(u"lookup 77"_s), qPrintable(ran.out));
}

void CliSystemTest::unlock_outlivesTheNextBoot()
{
    if (!m_hasNamespaces)
        QSKIP("network namespaces with nftables cannot be made here");
    const QString state = u"mkdir /var/lib/sallyport; echo lock > /var/lib/sallyport/lockdown.nft; "_s;
    const Ran ran = inNamespace(kNoBus, state + u"$SALLY unlock; ls /var/lib/sallyport"_s);
    QVERIFY2(ran.out.contains(u"The guard of the next boot was removed."_s), qPrintable(ran.out + ran.err));
    QVERIFY2(ran.out.endsWith(u"\nunlocked\n"_s), qPrintable(ran.out));
}

void CliSystemTest::unlock_saysWhenNothingWasLocked()
{
    if (!m_hasNamespaces)
        QSKIP("network namespaces with nftables cannot be made here");
    const Ran ran = inNamespace(kNoBus, u"$SALLY unlock && $SALLY unlock --json"_s);
    QVERIFY2(ran.code == 0 && ran.out.startsWith(u"Nothing was locked.\n"_s), qPrintable(ran.out + ran.err));
    QVERIFY(ran.out.contains(u"\"unlocked\": false"_s));
}

void CliSystemTest::unlock_letsTheHelperDoIt()
{
    if (!m_hasNamespaces)
        QSKIP("network namespaces with nftables cannot be made here");
    TestBus bus;
    CliHelper helper(bus.connect());
    helper.SetIntent({{u"exit"_s, true}, {u"exitName"_s, u"mullvad-se"_s}});
    helper.intents.clear();
    const Ran ran = inNamespace(bus.address(), u"$SALLY unlock"_s);
    QVERIFY2(ran.code == 0 && ran.out.contains(u"The helper switched Exit and lockdown off."_s),
        qPrintable(ran.out + ran.err));
    QCOMPARE(helper.intents, (QList<QVariantMap>{{{u"exit"_s, false}, {u"lockdown"_s, false}}}));
}

void CliSystemTest::unlock_doesNotNeedTheHelpersConsent()
{
    if (!m_hasNamespaces)
        QSKIP("network namespaces with nftables cannot be made here");
    TestBus bus;
    CliHelper helper(bus.connect());
    helper.SetIntent({{u"exit"_s, true}});
    helper.refuseWith = u"NotAuthorized"_s;
    const Ran ran = inNamespace(bus.address(), kLock + u"$SALLY unlock"_s + kShow);
    QVERIFY2(ran.code == 0 && ran.err.contains(u"warning: the helper did not help"_s), qPrintable(ran.err));
    QVERIFY2(!ran.out.contains(u"table inet sallyport_guard"_s), qPrintable(ran.out));
}

QTEST_GUILESS_MAIN(CliSystemTest)
#include "cli_system_test.moc"
