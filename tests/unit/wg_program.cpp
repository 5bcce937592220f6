// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/wg_program.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <cstring>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

namespace wg_program {

using namespace Qt::StringLiterals;

namespace {

constexpr char kSocket[] = "/run/wireguard/sallytest.sock";
constexpr char kConf[] = "/run/wireguard/sallytest.conf";

bool writeTo(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

QByteArray reason(const char *what)
{
    return QByteArray(what) + ": " + std::strerror(errno);
}

/// Listens until a request that sets something has come, or until it is told to stop by a plain connection.
class Interface {
public:
    Interface()
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strcpy(address.sun_path, kSocket);
        unlink(kSocket);
        m_listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(m_listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || listen(m_listener, 8) != 0)
            qFatal("%s", reason("socket").constData());
        m_thread = std::thread([this] { serve(); });
    }

    QByteArray finish()
    {
        shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        close(m_listener);
        return m_request;
    }

private:
    void serve()
    {
        for (;;) {
            const int connection = accept(m_listener, nullptr, nullptr);
            if (connection < 0)
                return;
            const QByteArray request = read(connection);
            if (request.startsWith("set=1\n")) {
                m_request = request;
                static_cast<void>(!write(connection, "errno=0\n\n", 9));
            }
            close(connection);
        }
    }

    static QByteArray read(int connection)
    {
        QByteArray request;
        std::array<char, 4096> chunk{};
        while (!request.endsWith("\n\n")) {
            const ssize_t count = ::read(connection, chunk.data(), chunk.size());
            if (count <= 0)
                break;
            request.append(chunk.data(), count);
        }
        return request;
    }

    int m_listener = -1;
    std::thread m_thread;
    QByteArray m_request;
};

std::optional<QByteArray> run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.setProcessEnvironment([] {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"WG_ENDPOINT_RESOLUTION_RETRIES"_s, u"0"_s);
        return environment;
    }());
    process.start(program, arguments);
    if (!process.waitForFinished(20000) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return {};
    return process.readAllStandardOutput();
}

} // namespace

std::optional<QByteArray> enterNamespace()
{
    if (QStandardPaths::findExecutable(u"wg"_s).isEmpty() || QStandardPaths::findExecutable(u"wg-quick"_s).isEmpty())
        return "the programs wg and wg-quick are not installed";
    const QByteArray map = "0 " + QByteArray::number(getuid()) + " 1\n";
    const bool isRoot = geteuid() == 0;
    if (unshare(isRoot ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0)
        return reason("no namespace of one's own");
    if (!isRoot && !writeTo(u"/proc/self/uid_map"_s, map))
        return reason("uid_map");
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || mount("tmpfs", "/run", "tmpfs", 0, "mode=0755") != 0)
        return reason("mount");
    return QDir().mkpath(u"/run/wireguard"_s) ? std::nullopt : std::optional(reason("/run/wireguard"));
}

std::optional<QByteArray> configured(const QByteArray &conf)
{
    if (!writeTo(QLatin1String(kConf), conf))
        return {};
    const auto stripped = run(u"wg-quick"_s, {u"strip"_s, QLatin1String(kConf)});
    if (!stripped || !writeTo(QLatin1String(kConf), *stripped))
        return {};
    Interface interface;
    const auto done = run(u"wg"_s, {u"setconf"_s, u"sallytest"_s, QLatin1String(kConf)});
    const QByteArray request = interface.finish();
    return done ? std::optional(request) : std::nullopt;
}

} // namespace wg_program
