// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/error_names.h"
#include "tests/ipc/configured_world.h"

#include <QFile>
#include <QTest>

#include <array>
#include <cstddef>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

const QVariantMap kHomeOn{{u"home"_s, true}};
const QVariantMap kExitOn{{u"exit"_s, true}};

/// In the child: a UDP socket that the program inherits.
void occupyPort(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    if (socket < 0 || bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        _exit(123);
}

/// In the child: what socket() answers on a kernel without nftables.
void refuseNftables()
{
    std::array<sock_filter, 8> program{{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NETLINK_NETFILTER, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPROTONOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter{program.size(), program.data()};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        _exit(122);
}

/// In the child: root, but without the one capability that the helper needs.
void dropNetAdmin()
{
    if (prctl(PR_CAPBSET_DROP, CAP_NET_ADMIN, 0, 0, 0) != 0)
        _exit(121);
}

} // namespace

/// One broken thing at a time: the request is refused in one sentence that says what to do, and nothing has changed.
class HelperFaultsTest : public ConfiguredTest {
    Q_OBJECT

private:
    QByteArray m_system;
    QByteArray m_kept;

    /// Puts the folder on a small disk of its own, and fills that.
    void fill(const QString &folder)
    {
        m_world->restart([&] {
            m_world->helper.inside({u"sh"_s, u"-c"_s,
                u"cp -a %1 %1.kept && mount -t tmpfs -o size=64k,mode=0700 none %1 && cp -a %1.kept/. %1"_s.arg(
                    folder)});
        });
        m_world->helper.inside({u"sh"_s, u"-c"_s, u"cat /dev/zero > %1/ballast 2> /dev/null"_s.arg(folder)});
    }
    QString emptyDocument()
    {
        QFile file(m_world->helper.bus.folder() + u"/empty.json"_s);
        if (!file.open(QIODevice::WriteOnly) || file.write("{}") < 0)
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }
    void remember()
    {
        m_system = m_world->helper.system();
        m_kept = m_world->helper.kept();
    }
    void verifyUnchanged()
    {
        QTRY_COMPARE(m_world->helper.system(), m_system); // links go after the answer
        QCOMPARE(m_world->helper.kept(), m_kept);
    }
    void verifySentence(const QString &sentence, const QStringList &words)
    {
        QCOMPARE(faultOfSentence(sentence), QString());
        QVERIFY2(sentence.contains(u';'), "it does not say what to do");
        for (const QString &word : words)
            QVERIFY2(sentence.contains(word), qPrintable(sentence));
    }
    void verifyError(const QDBusMessage &reply, Errc code, const QStringList &words)
    {
        QCOMPARE(reply.errorName(), dbusName(code));
        verifySentence(reply.errorMessage(), words);
        verifyUnchanged();
    }
    void verifySally(const QStringList &arguments, int code, const QStringList &words)
    {
        const Told told = m_world->sally(arguments);
        QVERIFY2(told.code == code, (QByteArray::number(told.code) + ": " + told.out + told.err).constData());
        QCOMPARE(told.out, QByteArray());
        QVERIFY2(told.err.endsWith('\n'), told.err.constData());
        QVERIFY2(told.err.startsWith("sally: "), told.err.constData());
        // On a terminal the line has no full stop.
        verifySentence(QString::fromUtf8(told.err).chopped(1) + u'.', words);
        verifyUnchanged();
    }
    /// Over the bus and through `sally`.
    void verifyRefused(const QVariantMap &change, const QStringList &line, Errc code, const QStringList &words)
    {
        remember();
        verifyError(m_world->setIntent(change), code, words);
        const Snapshot seen = m_world->snapshot();
        QVERIFY(!seen.home.enabled && !seen.exit.enabled);
        verifySally(line, 1, words);
    }
    void verifyWorksAgain(const QVariantMap &change)
    {
        QCOMPARE(m_world->setIntent(change).errorMessage(), QString());
        QVERIFY(!m_world->snapshot().lastError);
    }

private Q_SLOTS:
    void interfaceNameOfSomebodyElse_data();
    void interfaceNameOfSomebodyElse();
    void tunOfSomebodyElse();
    void tableOfSomebodyElse();
    void noWireGuardProgram();
    void noTunDevice();
    void noNftables();
    void noCapability();
    void portInUse_whileSwitchingOn();
    void portInUse_whileOn();
    void fullStateFolder();
    void fullRunFolder();
    void readOnlyStateFolder();
    void noStateFolder();
    void readOnlyHosts_isNoObstacle();
    void noPolkit();
    void noHelper();
};

void HelperFaultsTest::interfaceNameOfSomebodyElse_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QVariantMap>("change");
    QTest::addColumn<QStringList>("line");
    QTest::newRow("home") << u"sally-home"_s << kHomeOn << QStringList{u"home"_s, u"on"_s};
    QTest::newRow("exit") << u"sally-exit"_s << kExitOn << QStringList{u"exit"_s, u"on"_s};
}

void HelperFaultsTest::interfaceNameOfSomebodyElse()
{
    QFETCH(QString, link);
    QFETCH(QVariantMap, change);
    QFETCH(QStringList, line);
    run(u"ip link add %1 type bridge"_s.arg(link));
    QVERIFY(m_world->helper.system().contains(link.toUtf8()));
    verifyRefused(change, line, Errc::NameTaken, {link, u"ip link"_s});
    run(u"ip link delete %1"_s.arg(link));
    verifyWorksAgain(change);
}

void HelperFaultsTest::tunOfSomebodyElse()
{
    run(u"ip tuntap add sally-home mode tun"_s);
    QVERIFY(m_world->helper.system().contains("sally-home"));
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::NameTaken, {u"sally-home"_s, u"ip link"_s});
    run(u"ip link delete sally-home"_s);
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::tableOfSomebodyElse()
{
    const auto owner = m_world->helper.stay({u"nft"_s, u"-i"_s});
    owner->write("add table inet sallyport { flags owner; }\n");
    QTRY_VERIFY(m_world->helper.system().contains("flags owner"));
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::NameTaken, {u"inet sallyport"_s, u"nft delete table"_s});
    owner->closeWriteChannel();
    QVERIFY(owner->waitForFinished());
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::noWireGuardProgram()
{
    if (!m_world->helper.inside({u"sh"_s, u"-c"_s, u"ip link add probe type wireguard && echo yes"_s}).isEmpty())
        QSKIP("this kernel has WireGuard and needs no program");
    run(u"mount --bind /dev/null /usr/bin/wireguard-go"_s);
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::FeatureMissing, {u"/usr/bin/wireguard-go"_s, u"install"_s});
    run(u"umount /usr/bin/wireguard-go"_s);
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::noTunDevice()
{
    if (!m_world->helper.inside({u"sh"_s, u"-c"_s, u"ip link add probe type wireguard && echo yes"_s}).isEmpty())
        QSKIP("this kernel has WireGuard and needs no TUN");
    run(u"mount -t tmpfs none /dev/net"_s);
    verifyRefused(kExitOn, {u"exit"_s, u"on"_s}, Errc::FeatureMissing, {u"/dev/net/tun"_s, u"modprobe tun"_s});
    run(u"umount /dev/net"_s);
    verifyWorksAgain(kExitOn);
}

void HelperFaultsTest::noNftables()
{
    m_world->restart([] {}, refuseNftables);
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::FeatureMissing, {u"nftables"_s, u"modprobe nf_tables"_s});
    m_world->restart([] {});
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::noCapability()
{
    m_world->restart([] {}, dropNetAdmin);
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::KernelRefused, {u"CAP_NET_ADMIN"_s});
    m_world->restart([] {});
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::portInUse_whileSwitchingOn()
{
    // The link of the test before may still have the port: links go after the answer.
    QTRY_VERIFY(!m_world->helper.system().contains("sally-home"));
    const auto holder = m_world->helper.stay({u"cat"_s}, [] { occupyPort(53333); });
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::KernelRefused, {u"53333"_s, u"listenPort"_s});
    holder->kill();
    holder->waitForFinished();
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::portInUse_whileOn()
{
    verifyWorksAgain(kHomeOn);
    const auto holder = m_world->helper.stay({u"cat"_s}, [] { occupyPort(53334); });
    QVariantMap home = m_world->configuration.value(u"home"_s).toMap();
    home.insert(u"listenPort"_s, 53334);
    QVariantMap other = m_world->configuration;
    other.insert(u"home"_s, home);
    remember();
    verifyError(m_world->configure(other), Errc::KernelRefused, {u"53334"_s, u"listenPort"_s});
    QCOMPARE(m_world->snapshot().home.phase, Phase::Up);
    holder->kill();
    holder->waitForFinished();
    QCOMPARE(m_world->configure(other).errorMessage(), QString());
    QVERIFY(m_world->helper.inside({u"wg"_s, u"show"_s, u"sally-home"_s, u"listen-port"_s}).contains("53334"));
}

void HelperFaultsTest::fullStateFolder()
{
    const QString folder = m_world->helper.stateFolder();
    fill(folder);
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::StorageFailed, {folder, u"No space left"_s, u"free"_s});
    verifyError(m_world->configure({}), Errc::StorageFailed, {folder, u"No space left"_s, u"free"_s});
    QVERIFY(m_world->snapshot().home.configured);
    verifySally({u"apply"_s, emptyDocument()}, 1, {u"No space left"_s, u"free"_s});
    run(u"rm %1/ballast"_s.arg(folder));
    verifyWorksAgain(kHomeOn);
    QCOMPARE(m_world->configure({}).errorMessage(), QString());
}

void HelperFaultsTest::fullRunFolder()
{
    const QString folder = m_world->helper.runFolder();
    fill(folder);
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::StorageFailed, {folder, u"No space left"_s, u"free"_s});
    run(u"rm %1/ballast"_s.arg(folder));
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::readOnlyStateFolder()
{
    const QString folder = m_world->helper.stateFolder();
    // From the start on, as after a disk has turned out to be damaged at boot.
    m_world->restart([&] { run(u"mount -o remount,bind,ro %1"_s.arg(folder)); });
    verifyRefused(kHomeOn, {u"home"_s, u"on"_s}, Errc::StorageFailed, {folder, u"Read-only"_s, u"writable"_s});
    verifyError(m_world->configure({}), Errc::StorageFailed, {folder, u"Read-only"_s, u"writable"_s});
    QVERIFY(m_world->snapshot().home.configured);
    verifySally({u"apply"_s, emptyDocument()}, 1, {u"Read-only"_s, u"writable"_s});
    run(u"mount -o remount,bind,rw %1"_s.arg(folder));
    verifyWorksAgain(kHomeOn);
}

void HelperFaultsTest::noStateFolder()
{
    const QByteArray said = m_world->helper.inside({u"sh"_s, u"-c"_s,
        u"DBUS_SYSTEM_BUS_ADDRESS='%1' %2 --state /proc/sallyport --run %3 2>&1; echo $?"_s.arg(
            m_world->helper.bus.address(), HelperWorld::program(), m_world->helper.runFolder())});
    const QList<QByteArray> lines = said.trimmed().split('\n');
    QCOMPARE(lines.size(), 2);
    QCOMPARE(faultOfSentence(QString::fromUtf8(lines.front())), QString());
    QVERIFY2(
        lines.front().startsWith("sallyport-helper: ") && lines.front().contains("/proc/sallyport"), said.constData());
    QCOMPARE(lines.back(), QByteArray("1"));
}

void HelperFaultsTest::readOnlyHosts_isNoObstacle()
{
    QVariantMap home = m_world->configuration.value(u"home"_s).toMap();
    home.insert(u"domain"_s, u"wgnet"_s);
    QCOMPARE(m_world->configure({{u"home"_s, home}}).errorMessage(), QString());
    run(u"mount --bind /etc /etc"_s);
    run(u"mount -o remount,bind,ro /etc"_s);
    const QByteArray hosts = m_world->helper.inside({u"cat"_s, u"/etc/hosts"_s});
    // Names are a comfort: Home works, and what is missing is said.
    QCOMPARE(m_world->setIntent(kHomeOn).errorMessage(), QString());
    QVERIFY(m_world->helper.system().contains("sally-home"));
    QCOMPARE(m_world->helper.inside({u"cat"_s, u"/etc/hosts"_s}), hosts);
    const std::vector<Conflict> conflicts = m_world->snapshot().conflicts;
    QCOMPARE(conflicts.size(), std::size_t(1));
    verifySentence(conflicts.front().what, {u"/etc/hosts"_s, u"Read-only"_s, u"writable"_s});
    QCOMPARE(m_world->setIntent({{u"home"_s, false}}).errorMessage(), QString());
    run(u"umount /etc"_s);
    verifyWorksAgain(kHomeOn);
    QVERIFY(m_world->snapshot().conflicts.empty());
    QVERIFY(m_world->helper.inside({u"cat"_s, u"/etc/hosts"_s}) != hosts);
}

void HelperFaultsTest::noPolkit()
{
    m_world->polkit.reset();
    remember();
    const QStringList words{u"polkit"_s, u"start polkit"_s};
    verifyError(m_world->setIntent(kHomeOn), Errc::AuthorizationUnavailable, words);
    verifyError(m_world->configure({}), Errc::AuthorizationUnavailable, words);
    QVERIFY(m_world->snapshot().home.configured); // looking asks nobody
    // `sally` runs as root here, whom nobody needs to be asked for.
    const Told told = m_world->sally({u"home"_s, u"on"_s});
    QVERIFY2(told.code == 0, told.err.constData());
}

void HelperFaultsTest::noHelper()
{
    remember();
    m_world->helper.kill();
    for (const QStringList &line : {QStringList{u"home"_s, u"on"_s}, {u"status"_s}, {u"apply"_s, emptyDocument()}})
        verifySally(line, 4, {u"background service"_s});
    m_world->helper.start();
}

QTEST_GUILESS_MAIN(HelperFaultsTest)
#include "helper_faults_test.moc"
