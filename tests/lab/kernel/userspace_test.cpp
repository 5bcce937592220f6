// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "tests/lab/kernel/kernel_test.h"
#include "tests/lab/kernel/wireguard_values.h"

#include <QElapsedTimer>
#include <QFile>

#include <csignal>
#include <net/if.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

/// What can happen to the program that serves a link where the kernel has no WireGuard.
namespace {

const QString kHome = QLatin1StringView(kHomeLink);
const QString kExit = QLatin1StringView(kExitLink);

/// The descriptor that keeps the interface alive, taken from the program that serves it.
FileHandle tunHeldBy(int server)
{
    const FileHandle process(static_cast<int>(syscall(SYS_pidfd_open, server, 0)));
    return FileHandle(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), 3, 0)));
}

} // namespace

class UserspaceTest : public KernelTest {
    Q_OBJECT

private Q_SLOTS:
    void init() { VERIFY_DONE(m_kernel.execute(CreateLink{kHome})); }
    void cleanup() { VERIFY_DONE(m_kernel.execute(DeleteLink{kHome})); }

    void crashedProgram_isReplaced()
    {
        const int server = serverOf(kHome);
        QVERIFY(server > 0);
        QCOMPARE(kill(server, SIGKILL), 0);
        QTRY_VERIFY(m_kernel.observe()->links.empty());
        QVERIFY(QFile::exists(u"/run/wireguard/sally-home.sock"_s)); // it could not clean up
        VERIFY_DONE(m_kernel.execute(CreateLink{kHome}));
        QVERIFY(m_kernel.observe()->links.front().ours);
    }

    void program_inheritsNothingAndIsNotOurChild()
    {
        const int server = serverOf(kHome);
        QVERIFY(server > 0);
        for (const QString &descriptor : {u"0"_s, u"1"_s, u"2"_s})
            QCOMPARE(QFile::symLinkTarget(u"/proc/%1/fd/"_s.arg(server) + descriptor), u"/dev/null"_s);
        QCOMPARE(QFile::symLinkTarget(u"/proc/%1/fd/3"_s.arg(server)), u"/dev/net/tun"_s);
        QFile environment(u"/proc/%1/environ"_s.arg(server));
        QVERIFY(environment.open(QIODevice::ReadOnly));
        QCOMPARE(environment.readAll(), QByteArray("LOG_LEVEL=error\0WG_TUN_FD=3\0", 28));
        QVERIFY(getpgid(server) != getpgrp());
        QFile stat(u"/proc/%1/stat"_s.arg(server));
        QVERIFY(stat.open(QIODevice::ReadOnly));
        QVERIFY(stat.readAll().split(')').last().split(' ')[2].toInt() != getpid());
    }

    void missingProgramOrTun_isNamed()
    {
        Paths paths = pathsIn(m_folder);
        paths.wireguardProgram = u"/nonexistent/wireguard-go"_s;
        LinuxKernel without(m_secrets, paths);
        Result<Done> refused = without.execute(CreateLink{kExit});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::FeatureMissing);
        QVERIFY(refused.error().detail.contains(u"wireguard-go"_s));
        paths = pathsIn(m_folder);
        paths.tunDevice = u"/nonexistent/tun"_s;
        LinuxKernel withoutTun(m_secrets, paths);
        refused = withoutTun.execute(CreateLink{kExit});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::FeatureMissing);
        QVERIFY(refused.error().detail.contains(u"/nonexistent/tun"_s));
        paths = pathsIn(m_folder);
        paths.wireguardProgram = u"/bin/true"_s; // ends at once
        LinuxKernel ending(m_secrets, paths);
        refused = ending.execute(CreateLink{kExit});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::FeatureMissing);
        QVERIFY(if_nametoindex(kExit.toUtf8().constData()) == 0);
    }

    void deafProgram_keepsItsLink()
    {
        const int server = serverOf(kHome);
        QVERIFY(server > 0);
        VERIFY_DONE(m_kernel.execute(configure(kHome, {peer(1)})));
        QCOMPARE(kill(server, SIGSTOP), 0);
        const Result<ObservedState> unknown = m_kernel.observe();
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().code, Errc::TimedOut);
        QVERIFY(unknown.error().detail.contains(kHome));
        const Result<Done> refused = m_kernel.execute(CreateLink{kHome});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::TimedOut);
        QCOMPARE(kill(server, SIGCONT), 0);
        const Result<ObservedState> known = m_kernel.observe();
        VERIFY_DONE(known);
        QVERIFY(known->links.front().ours);
        QCOMPARE(known->links.front().peers.size(), 1u);
        QCOMPARE(serverOf(kHome), server);
    }

    void linkThatNobodyServes_isMadeAnew_data()
    {
        QTest::addColumn<bool>("leftover");
        QTest::newRow("socket missing") << false;
        QTest::newRow("socket refuses") << true;
    }

    void linkThatNobodyServes_isMadeAnew()
    {
        QFETCH(const bool, leftover);
        const unsigned before = if_nametoindex(kHome.toUtf8().constData());
        const QString socket = u"/run/wireguard/sally-home.sock"_s;
        const int server = serverOf(kHome);
        const FileHandle keepsTheLink = tunHeldBy(server);
        QVERIFY(keepsTheLink);
        QCOMPARE(kill(server, SIGKILL), 0);
        QTRY_VERIFY(serverOf(kHome) == 0);
        QVERIFY(QFile::exists(socket));
        if (!leftover)
            QVERIFY(QFile::remove(socket));
        const Result<ObservedState> observed = m_kernel.observe();
        VERIFY_DONE(observed);
        QCOMPARE(observed->links.size(), 1u);
        QVERIFY(!observed->links.front().ours);
        VERIFY_DONE(m_kernel.execute(CreateLink{kHome}));
        QVERIFY(m_kernel.observe()->links.front().ours);
        QVERIFY(if_nametoindex(kHome.toUtf8().constData()) != before);
    }

    void deafProgram_isNotWaitedForForever()
    {
        const int server = serverOf(kHome);
        QVERIFY(server > 0);
        QCOMPARE(kill(server, SIGSTOP), 0);
        QElapsedTimer timer;
        timer.start();
        const Result<Done> refused = m_kernel.execute(configure(kHome, {peer(1)}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::TimedOut);
        QVERIFY(timer.elapsed() < 8000);
        VERIFY_DONE(m_kernel.execute(DeleteLink{kHome})); // ends it for good
        QVERIFY(serverOf(kHome) == 0);
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<UserspaceTest>(argc, argv, [] {
        const bool kernelHasIt = succeeds(u"ip link add probe0 type wireguard"_s.split(u' '));
        return kernelHasIt ? u"the kernel has WireGuard itself"_s : QString();
    });
}

#include "userspace_test.moc"
