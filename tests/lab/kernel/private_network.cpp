// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/private_network.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTest>

#include <cerrno>
#include <cstring>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

QString failure(const char *what)
{
    return QString::fromLatin1(what) + u": "_s + QString::fromLocal8Bit(std::strerror(errno));
}

struct Ended {
    bool well = false;
    QByteArray output;
    QByteArray errors;
};

Ended runToEnd(const QStringList &command, const QByteArray &input)
{
    QProcess process;
    process.start(command.first(), command.mid(1));
    process.write(input);
    process.closeWriteChannel();
    const bool finished = process.waitForFinished(20000);
    return {finished && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0,
        process.readAllStandardOutput(), process.readAllStandardError()};
}

} // namespace

QString enterPrivateNetwork()
{
    if (geteuid() != 0)
        return u"needs root, for a network namespace of its own"_s;
    if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0)
        return failure("unshare");
    if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || mount("tmpfs", "/run", "tmpfs", 0, "mode=755") != 0)
        return failure("mount");
    if (mkdir("/run/wireguard", 0755) != 0)
        return failure("mkdir /run/wireguard");
    return succeeds({u"ip"_s, u"link"_s, u"set"_s, u"lo"_s, u"up"_s}) ? QString() : u"ip link set lo up failed"_s;
}

QByteArray run(const QStringList &command, const QByteArray &input)
{
    const Ended ended = runToEnd(command, input);
    if (!ended.well)
        QTest::qFail(QByteArray(command.join(u' ').toUtf8() + ": " + ended.errors).constData(), __FILE__, __LINE__);
    return ended.output;
}

bool succeeds(const QStringList &command)
{
    return runToEnd(command, {}).well;
}

QJsonArray ip(const QString &arguments)
{
    const QByteArray output = run(QStringList{u"ip"_s, u"-j"_s, u"-d"_s} + arguments.split(u' '));
    return QJsonDocument::fromJson(output).array();
}

Paths pathsIn(const QTemporaryDir &folder)
{
    Paths paths;
    paths.hosts = folder.filePath(u"hosts"_s);
    paths.settingsJournal = folder.filePath(u"state/settings.journal"_s);
    return paths;
}

} // namespace sallyport::test
