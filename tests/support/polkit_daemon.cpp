// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/polkit_daemon.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QThread>
#include <QtDebug>

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;
const QStringList kPrograms
    = {u"/usr/lib/polkit-1/polkitd"_s, u"/usr/libexec/polkitd"_s, u"/usr/libexec/polkit-1/polkitd"_s};

QString program()
{
    for (const QString &path : kPrograms) {
        if (QFileInfo::exists(path))
            return path;
    }
    return {};
}

void write(const QString &path, const QByteArray &text)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write %s", qPrintable(path));
}

/// The files that sd-login reads.
void writeSession(const QString &run, PolkitDaemon::Presence presence)
{
    for (const QString &name : {u"seats"_s, u"sessions"_s, u"users"_s, u"machines"_s})
        QDir().mkpath(run + u"/systemd/"_s + name);
    if (presence == PolkitDaemon::Presence::Elsewhere)
        return;
    const bool active = presence == PolkitDaemon::Presence::Active;
    const QByteArray user = QByteArray::number(kSomebody);
    const QByteArray state = active ? "active" : "online";
    write(run + u"/systemd/users/"_s + QString::fromLatin1(user),
        "NAME=nobody\nSTATE=" + state + "\nDISPLAY=c1\nSESSIONS=c1\nSEATS=seat0\n"
            + (active ? "ACTIVE_SESSIONS=c1\nACTIVE_SEATS=seat0\n" : ""));
    write(run + u"/systemd/sessions/c1"_s,
        "UID=" + user + "\nUSER=nobody\nACTIVE=" + (active ? "1" : "0") + "\nSTATE=" + state
            + "\nREMOTE=0\nTYPE=x11\nCLASS=user\nSEAT=seat0\n");
    write(run + u"/systemd/seats/seat0"_s,
        active ? "IS_SEAT0=1\nCAN_GRAPHICAL=1\nACTIVE=c1\nACTIVE_UID=" + user + "\n"
               : QByteArray("IS_SEAT0=1\nCAN_GRAPHICAL=1\n"));
}

/// What /proc/PID/cgroup says of a process of the session, and of one of a service. sd-login finds the session there;
/// the callers are all connections of the test's own process.
QByteArray membership(PolkitDaemon::Presence presence)
{
    const QByteArray group = presence == PolkitDaemon::Presence::Elsewhere
        ? QByteArray("/system.slice/test.service")
        : "/user.slice/user-" + QByteArray::number(kSomebody) + ".slice/session-c1.scope";
    return "1:name=systemd:" + group + "\n0::" + group + "\n";
}

void bindOver(const QByteArray &from, const char *to)
{
    if (mount(from.constData(), to, nullptr, MS_BIND | MS_REC, nullptr) != 0)
        _exit(126);
}

struct World {
    QByteArray actions;
    QByteArray rules;
    QByteArray run;
    QByteArray membership;
    QByteArray membershipOfTest;
};

/// Runs in the child between fork and exec.
void enterWorld(const World &world)
{
    endWithParent();
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_PRIVATE | MS_REC, nullptr) != 0)
        _exit(125);
    bindOver(world.actions, "/usr/share/polkit-1/actions");
    bindOver(world.rules, "/usr/share/polkit-1/rules.d");
    bindOver(world.rules, "/etc/polkit-1/rules.d");
    bindOver(world.run, "/run");
    bindOver(world.membership, world.membershipOfTest.constData());
}

} // namespace

QString polkitDaemonObstacle()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        return obstacle;
    return program().isEmpty() ? u"needs polkitd"_s : QString();
}

PolkitDaemon::PolkitDaemon(const PrivateBus &bus, Presence somebody)
{
    const QString root = m_root.path();
    chmod(QFile::encodeName(root).constData(), 0755);
    for (const QString &name : {u"/actions"_s, u"/rules"_s, u"/run"_s})
        QDir().mkpath(root + name);
    QFile::copy(
        QStringLiteral(SOURCE_DIR "/resources/polkit/org.sallyport.policy"), root + u"/actions/org.sallyport.policy"_s);
    write(root + u"/rules/50-root.rules"_s, "polkit.addAdminRule(function() { return ['unix-user:0']; });\n");
    writeSession(root + u"/run"_s, somebody);
    write(root + u"/membership"_s, membership(somebody));
    m_daemon.setProcessEnvironment(bus.environment());
    m_daemon.setStandardOutputFile(QProcess::nullDevice());
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    const World world{QFile::encodeName(root + u"/actions"_s), QFile::encodeName(root + u"/rules"_s),
        QFile::encodeName(root + u"/run"_s), QFile::encodeName(root + u"/membership"_s),
        "/proc/" + QByteArray::number(getpid()) + "/cgroup"};
    m_daemon.setChildProcessModifier([world] { enterWorld(world); });
    m_daemon.start(program(), {u"--no-debug"_s});
    m_daemon.waitForStarted(kPatienceMs);
    QElapsedTimer timer;
    timer.start();
    while (!bus.hasOwner(u"org.freedesktop.PolicyKit1"_s)) {
        if (m_daemon.state() == QProcess::NotRunning || timer.elapsed() > kPatienceMs)
            qFatal("polkitd does not start (exit code %d)", m_daemon.exitCode());
        m_daemon.waitForFinished(20);
    }
}

PolkitDaemon::~PolkitDaemon()
{
    kill();
}

void PolkitDaemon::kill()
{
    m_daemon.kill();
    m_daemon.waitForFinished(kPatienceMs);
}

} // namespace sallyport::test
