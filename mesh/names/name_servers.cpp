// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/name_servers.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusVariant>
#include <QFile>

#include <algorithm>
#include <net/if.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 kPort = 53;
constexpr qint64 kLargestFile = 64 * 1024;
constexpr int kMostServers = 3; ///< as resolv.conf(5) says
constexpr int kReplyLimitMs = 2000;
constexpr int kMostDomains = 4096;

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(kLargestFile) : QByteArray();
}

/// `fe80::1%eth0` too.
std::optional<Endpoint> serverFrom(const QString &text)
{
    const auto address = IpAddress::parse(text.section(u'%', 0, 0));
    if (!address)
        return {};
    Endpoint server{*address, kPort};
    if (address->isLinkLocal() && address->family() == Family::IPv6)
        server.scopeId = if_nametoindex(text.section(u'%', 1).toUtf8().constData());
    return server;
}

/// systemd-resolved(8): the full stub and the one that only passes on.
bool isStub(const Endpoint &server)
{
    return server.address.toString() == u"127.0.0.53"_s || server.address.toString() == u"127.0.0.54"_s;
}

bool isReachedThroughHome(const Endpoint &server, const TunnelView &tunnel)
{
    const auto has = [&](const Prefix &prefix) { return prefix.contains(server.address); };
    // Of a device that is the exit everything is inside; then names go with everything else.
    const auto isInside = [&](const Prefix &prefix) { return prefix.length() > 0 && has(prefix); };
    return std::ranges::any_of(tunnel.inside, isInside) && std::ranges::none_of(tunnel.onLink, has);
}

bool isWithin(const QString &name, const QString &domain)
{
    const QString bare = domain.endsWith(u'.') ? domain.chopped(1) : domain;
    return bare.isEmpty() || name.compare(bare, Qt::CaseInsensitive) == 0
        || name.endsWith(u'.' + bare, Qt::CaseInsensitive);
}

/// `a(isb)`: index of the link, domain, whether it is for routing only. The longest domain that fits decides.
bool isAskedThrough(quint32 link, const QString &name, const QDBusArgument &domains)
{
    qsizetype longest = -1;
    bool isIt = false;
    int count = 0;
    domains.beginArray();
    while (!domains.atEnd() && ++count < kMostDomains) {
        int index = 0;
        QString domain;
        bool isForRouting = false;
        domains.beginStructure();
        domains >> index >> domain >> isForRouting;
        domains.endStructure();
        if (isWithin(name, domain) && domain.size() >= longest) {
            isIt = quint32(index) == link || (isIt && domain.size() == longest);
            longest = domain.size();
        }
    }
    domains.endArray();
    return isIt;
}

} // namespace

std::vector<Endpoint> serversIn(const QByteArray &resolvConf)
{
    std::vector<Endpoint> servers;
    for (const QByteArray &line : resolvConf.split('\n')) {
        const QList<QByteArray> words = line.simplified().split(' ');
        if (words.size() < 2 || words.first() != "nameserver")
            continue;
        if (const auto server = serverFrom(QString::fromUtf8(words[1])))
            servers.push_back(*server);
    }
    return servers;
}

std::vector<Endpoint> serversToAsk(
    const std::vector<Endpoint> &configured, const std::optional<StubView> &stub, const TunnelView &tunnel)
{
    const bool isByStub = stub && !stub->asksHome;
    std::vector<Endpoint> servers = stub && stub->asksHome ? stub->servers : configured;
    std::erase_if(servers,
        [&](const Endpoint &server) { return (isStub(server) && !isByStub) || isReachedThroughHome(server, tunnel); });
    if (servers.size() > kMostServers)
        servers.resize(kMostServers);
    return servers;
}

NameServers::NameServers(QDBusConnection bus, QObject *parent) : QObject(parent), m_bus(std::move(bus)) {}

void NameServers::find(const QString &name, const Found &found)
{
    const std::vector<Endpoint> configured = serversIn(contentsOf(u"/etc/resolv.conf"_s));
    if (std::ranges::any_of(configured, isStub))
        return askResolved(name, configured, found);
    found(serversToAsk(configured, {}, m_tunnel));
}

void NameServers::askResolved(const QString &name, const std::vector<Endpoint> &configured, const Found &found)
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        u"org.freedesktop.resolve1"_s, u"/org/freedesktop/resolve1"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    call << u"org.freedesktop.resolve1.Manager"_s << u"Domains"_s;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call, kReplyLimitMs), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, name, configured, found] {
        watcher->deleteLater();
        StubView stub{.servers = serversIn(contentsOf(u"/run/systemd/resolve/resolv.conf"_s))};
        const QList<QVariant> values = watcher->reply().arguments();
        const bool isReply = watcher->reply().type() == QDBusMessage::ReplyMessage && values.size() == 1;
        const QVariant domains = isReply ? values.first().value<QDBusVariant>().variant() : QVariant();
        const bool isList
            = domains.canConvert<QDBusArgument>() && domains.value<QDBusArgument>().currentSignature() == u"a(isb)"_s;
        // Who does not say so is asked as everybody asks.
        stub.asksHome = isList && m_tunnel.homeLink != 0
            && isAskedThrough(m_tunnel.homeLink, name, domains.value<QDBusArgument>());
        found(serversToAsk(configured, stub, m_tunnel));
    });
}

} // namespace sallyport::mesh
