// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/helper_world.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QtDebug>

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 20000;

/// Runs in the child between fork and exec.
void makeNamespaces(const QByteArray &etc, const QByteArray &run)
{
    endWithParent();
    if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_PRIVATE | MS_REC, nullptr) != 0)
        _exit(126);
    if (mount(etc.constData(), "/etc", nullptr, MS_BIND, nullptr) != 0
        || mount(run.constData(), "/run", nullptr, MS_BIND, nullptr) != 0)
        _exit(124);
}

/// Runs in the child between fork and exec.
void enter(const QByteArray &process)
{
    endWithParent();
    const int network = open((process + "/ns/net").constData(), O_RDONLY | O_CLOEXEC);
    const int mounts = open((process + "/ns/mnt").constData(), O_RDONLY | O_CLOEXEC);
    if (network < 0 || mounts < 0 || setns(network, CLONE_NEWNET) != 0 || setns(mounts, CLONE_NEWNS) != 0)
        _exit(125);
}

QByteArray output(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished(kPatienceMs);
    return process.readAllStandardOutput();
}

} // namespace

HelperWorld::HelperWorld()
{
    prepareFolders();
    const QByteArray etc = QFile::encodeName(m_root.filePath(u"etc"_s));
    const QByteArray run = QFile::encodeName(m_root.filePath(u"run"_s));
    m_namespace.setChildProcessModifier([etc, run] { makeNamespaces(etc, run); });
    m_namespace.start(u"/bin/cat"_s, QStringList());
    m_namespace.waitForStarted(kPatienceMs);
    // A mount of its own, so that a test can make it full or read-only.
    inside({u"mount"_s, u"--bind"_s, stateFolder(), stateFolder()});
    inside({u"ip"_s, u"link"_s, u"set"_s, u"lo"_s, u"up"_s});
    start();
}

HelperWorld::~HelperWorld()
{
    // A wireguard-go that the helper has started lives on by design; it ends with its interface.
    for (const QString &link : {u"sally-home"_s, u"sally-exit"_s})
        inside({u"ip"_s, u"link"_s, u"delete"_s, link});
    kill();
    m_namespace.kill();
    m_namespace.waitForFinished(kPatienceMs);
}

void HelperWorld::prepareFolders()
{
    const QDir root(m_root.path());
    for (const QString &name : {u"etc"_s, u"run"_s, u"state"_s, u"run/sallyport"_s})
        root.mkpath(name);
    for (const QString &name : {u"passwd"_s, u"group"_s, u"nsswitch.conf"_s, u"ld.so.cache"_s, u"machine-id"_s})
        QFile::copy(u"/etc/"_s + name, root.filePath(u"etc/"_s + name));
    QFile hosts(root.filePath(u"etc/hosts"_s));
    if (!hosts.open(QIODevice::WriteOnly) || hosts.write("127.0.0.1 localhost\n") < 0)
        qFatal("cannot write %s", qPrintable(hosts.fileName()));
}

HelperWorld::InChild HelperWorld::entry(const InChild &first) const
{
    const QByteArray process = "/proc/" + QByteArray::number(m_namespace.processId());
    return [process, first] {
        enter(process);
        if (first)
            first();
    };
}

void HelperWorld::start(const InChild &handicap)
{
    m_helper.setProcessEnvironment(bus.environment());
    m_helper.setProcessChannelMode(QProcess::MergedChannels);
    m_helper.setStandardOutputFile(m_root.filePath(u"helper.log"_s), QIODevice::Append);
    m_helper.setChildProcessModifier(entry(handicap));
    m_helper.start(program(), {u"--state"_s, stateFolder(), u"--run"_s, runFolder(), u"--mesh-user"_s, u"nobody"_s});
    m_helper.waitForStarted(kPatienceMs);
    QElapsedTimer timer;
    timer.start();
    while (!bus.hasOwner(u"org.sallyport.Helper"_s)) {
        if (!runs() || timer.elapsed() > kPatienceMs) {
            qWarning("%s", log().constData());
            qFatal("the helper does not start (exit code %d)", m_helper.exitCode());
        }
        m_helper.waitForFinished(20);
    }
}

void HelperWorld::kill()
{
    m_helper.kill();
    m_helper.waitForFinished(kPatienceMs);
}

bool HelperWorld::runs()
{
    return !m_helper.waitForFinished(0) && m_helper.state() == QProcess::Running;
}

QDBusPendingCall HelperWorld::call(Caller &caller, const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(
        u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s, u"org.sallyport.Helper1"_s, method);
    message.setArguments(arguments);
    return caller.bus().asyncCall(message, 120000);
}

QDBusPendingCall HelperWorld::configure(Caller &caller, const QVariantMap &configuration)
{
    return call(caller, u"Configure"_s, {configuration});
}

QDBusPendingCall HelperWorld::provide(Caller &caller, const QString &name, const SecretKey &key)
{
    std::array<char, 44> text{};
    key.toBase64(text);
    const auto memfd = memfdWith(QByteArray(text.data(), text.size()), F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK);
    return call(caller, u"ProvideSecret"_s, {name, QVariant::fromValue(memfd)});
}

QByteArray HelperWorld::inside(const QStringList &command) const
{
    const QStringList enter{u"--net"_s, u"--mount"_s, u"--target"_s, QString::number(m_namespace.processId())};
    return output(u"nsenter"_s, enter + command);
}

std::unique_ptr<QProcess> HelperWorld::stay(const QStringList &command, const InChild &first) const
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier(entry(first));
    process->start(command.first(), command.mid(1));
    if (!process->waitForStarted(kPatienceMs))
        qFatal("%s does not start", qPrintable(command.join(u' ')));
    return process;
}

QByteArray HelperWorld::system() const
{
    QByteArray text;
    for (const QString &command : {u"ip -o link"_s, u"ip -o address"_s, u"ip -4 rule"_s, u"ip -6 rule"_s,
             u"ip -4 route show table all"_s, u"ip -6 route show table all"_s, u"nft -s list ruleset"_s,
             u"wg show all listen-port"_s, u"wg show all allowed-ips"_s, u"wg show all endpoints"_s,
             u"cat /proc/sys/net/ipv4/conf/all/src_valid_mark"_s, u"cat /proc/sys/net/ipv4/conf/all/rp_filter"_s})
        text += inside(command.split(u' '));
    QFile hosts(m_root.filePath(u"etc/hosts"_s));
    if (hosts.open(QIODevice::ReadOnly))
        text += hosts.readAll();
    return text;
}

QByteArray HelperWorld::kept() const
{
    QByteArray text;
    const QDir folder(outside(stateFolder()));
    for (const QFileInfo &entry : folder.entryInfoList(QDir::Files | QDir::Hidden, QDir::Name)) {
        QFile file(entry.filePath());
        text += entry.fileName().toUtf8() + ":\n";
        if (file.open(QIODevice::ReadOnly))
            text += file.readAll();
    }
    return text;
}

QByteArray HelperWorld::log() const
{
    QFile log(m_root.filePath(u"helper.log"_s));
    return log.open(QIODevice::ReadOnly) ? log.readAll() : QByteArray();
}

QString HelperWorld::program()
{
    return qEnvironmentVariable("SALLYPORT_TEST_HELPER", QStringLiteral(SALLYPORT_HELPER));
}

QString HelperWorld::stateFolder() const
{
    return m_root.filePath(u"state"_s);
}

QString HelperWorld::runFolder() const
{
    return m_root.filePath(u"run/sallyport"_s);
}

QString HelperWorld::outside(const QString &path) const
{
    return u"/proc/%1/root%2"_s.arg(m_namespace.processId()).arg(path);
}

QDBusUnixFileDescriptor memfdWith(const QByteArray &text, unsigned seals)
{
    const int descriptor = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    QDBusUnixFileDescriptor owner;
    owner.giveFileDescriptor(descriptor);
    if (::write(descriptor, text.constData(), std::size_t(text.size())) != text.size()
        || (seals != 0 && fcntl(descriptor, F_ADD_SEALS, seals) != 0))
        qFatal("cannot make a memfd");
    return owner;
}

QVariantMap smallConfiguration()
{
    const auto newKey = [] { return SecretKey::generatePrivate().publicKey().toBase64(); };
    const QVariantMap nas{{u"name"_s, u"nas"_s}, {u"addresses"_s, QVariantList{u"10.42.1.4"_s}},
        {u"publicKey"_s, newKey()}, {u"endpoints"_s, QVariantList{QVariantMap{{u"address"_s, u"192.0.2.4:53333"_s}}}}};
    const QVariantMap home{{u"name"_s, u"wgnet"_s}, {u"device"_s, u"laptop"_s},
        {u"addresses"_s, QVariantList{u"10.42.1.2/16"_s}}, {u"listenPort"_s, 53333}, {u"devices"_s, QVariantList{nas}}};
    const QVariantMap exit{{u"name"_s, u"provider"_s}, {u"addresses"_s, QVariantList{u"10.64.3.7/32"_s}},
        {u"peer"_s, QVariantMap{{u"publicKey"_s, newKey()}, {u"endpoint"_s, u"198.51.100.7:51820"_s}}}};
    return {{u"home"_s, home}, {u"exits"_s, QVariantList{exit}}};
}

} // namespace sallyport::test
