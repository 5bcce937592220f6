// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/provider/provider_server.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QStandardPaths>

#include <cstdio>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

void write(const char *path, const QByteArray &text)
{
    QFile file(QString::fromLatin1(path));
    if (file.open(QIODevice::WriteOnly))
        file.write(text);
}

void raiseLoopback()
{
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    std::snprintf(request.ifr_name, sizeof request.ifr_name, "lo");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    ::ioctl(socket, SIOCSIFFLAGS, &request);
    ::close(socket);
}

} // namespace

void enterPrivateNetwork()
{
    const uid_t user = ::getuid();
    const gid_t group = ::getgid();
    if (::unshare(user == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return;
    if (user != 0) {
        write("/proc/self/setgroups", "deny");
        write("/proc/self/uid_map", QByteArray::number(user) + ' ' + QByteArray::number(user) + " 1");
        write("/proc/self/gid_map", QByteArray::number(group) + ' ' + QByteArray::number(group) + " 1");
    }
    raiseLoopback();
}

ProviderServer::ProviderServer()
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(u"/usr/bin/python3"_s,
        {QStringLiteral(SOURCE_DIR) + u"/tests/support/provider/provider_server.py"_s, m_folder.path()});
    m_port = readLine().toInt();
    if (m_port == 0)
        qFatal("the provider's stand-in does not start; it needs python3 and openssl");
}

ProviderServer::~ProviderServer()
{
    kill();
}

HttpsBase ProviderServer::base() const
{
    HttpsBase base;
    base.url = QUrl(u"https://localhost:%1/"_s.arg(m_port));
    base.authorities = QSslCertificate::fromPath(m_folder.filePath(u"ca.pem"_s));
    return base;
}

void ProviderServer::play(const QString &scenario)
{
    say("play " + scenario.toLatin1());
}

QStringList ProviderServer::log()
{
    return QJsonDocument::fromJson(say("log")).toVariant().toStringList();
}

void ProviderServer::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray ProviderServer::say(const QByteArray &line)
{
    m_process.write(line + '\n');
    return readLine();
}

QByteArray ProviderServer::readLine()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(20'000))
            return {};
    }
    return m_process.readLine().trimmed();
}

} // namespace sallyport::test
