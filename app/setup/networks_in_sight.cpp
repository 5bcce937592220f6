// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/networks_in_sight.h"

#include "core/constants.h"

#include <QCoreApplication>
#include <QFile>
#include <QNetworkInterface>

#include <algorithm>
#include <bit>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMostText = 4LL * 1024 * 1024; ///< a router's full table is left out, ours is some lines

QString said(const char *text)
{
    return QCoreApplication::translate("NetworksInSight", text);
}

void add(std::vector<SeenNetwork> &all, const Prefix &prefix, const QString &whose)
{
    const IpAddress &address = prefix.address();
    if (prefix.length() > 0 && !address.isLoopback() && !address.isLinkLocal() && !address.isMulticast())
        all.push_back({prefix, whose});
}

/// The number as it lies in memory, which on this machine is in its own order.
std::optional<quint32> memoryNumber(QByteArrayView text)
{
    bool isNumber = false;
    const quint32 number = text.toUInt(&isNumber, 16);
    return isNumber ? std::optional(number) : std::nullopt;
}

void addIpv4Route(std::vector<SeenNetwork> &all, const QList<QByteArray> &words)
{
    if (words.size() < 8)
        return;
    const auto destination = memoryNumber(words[1]);
    const auto mask = memoryNumber(words[7]);
    if (!destination || !mask)
        return;
    const auto bytes = std::bit_cast<std::array<quint8, 4>>(*destination);
    add(all, Prefix::of(IpAddress::fromBytes(Family::IPv4, bytes), quint8(std::popcount(*mask))),
        QString::fromUtf8(words[0]));
}

void addIpv6Route(std::vector<SeenNetwork> &all, const QList<QByteArray> &words)
{
    if (words.size() < 10)
        return;
    const QByteArray bytes = QByteArray::fromHex(words[0]);
    const auto length = memoryNumber(words[1]);
    if (bytes.size() != 16 || !length || *length > 128)
        return;
    const std::span raw(reinterpret_cast<const quint8 *>(bytes.constData()), 16);
    add(all, Prefix::of(IpAddress::fromBytes(Family::IPv6, raw), quint8(*length)), QString::fromUtf8(words[9]));
}

QByteArray textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(kMostText) : QByteArray();
}

void addInterfaces(std::vector<SeenNetwork> &all)
{
    for (const QNetworkInterface &link : QNetworkInterface::allInterfaces()) {
        for (const QNetworkAddressEntry &entry : link.addressEntries()) {
            const auto address = IpAddress::parse(entry.ip().toString().section(u'%', 0, 0));
            if (address && entry.prefixLength() > 0)
                add(all, Prefix::of(*address, quint8(entry.prefixLength())), link.name());
        }
    }
}

/// Our own tunnels are told from the configuration; what they route is not somebody else's.
void dropOwn(std::vector<SeenNetwork> &all)
{
    std::erase_if(all, [](const SeenNetwork &each) { return each.whose.startsWith(u"sally-"_s); });
}

} // namespace

std::vector<SeenNetwork> knownNetworks()
{
    const std::pair<const char *, QString> known[] = {
        {"100.64.0.0/10", said(QT_TRANSLATE_NOOP("NetworksInSight", "mobile carriers and Tailscale"))},
        {"10.64.0.0/10", said(QT_TRANSLATE_NOOP("NetworksInSight", "the inside of Mullvad's tunnels"))},
        {"10.0.0.0/23", said(QT_TRANSLATE_NOOP("NetworksInSight", "many routers"))},
        {"10.8.0.0/24", said(QT_TRANSLATE_NOOP("NetworksInSight", "OpenVPN"))},
        {"10.42.0.0/24", said(QT_TRANSLATE_NOOP("NetworksInSight", "NetworkManager's shared connections"))},
        {"172.16.0.0/14", said(QT_TRANSLATE_NOOP("NetworksInSight", "Docker"))},
        {"172.20.10.0/28", said(QT_TRANSLATE_NOOP("NetworksInSight", "hotspots of phones"))},
        {"192.168.0.0/23", said(QT_TRANSLATE_NOOP("NetworksInSight", "many routers"))},
        {"192.168.43.0/24", said(QT_TRANSLATE_NOOP("NetworksInSight", "hotspots of phones"))},
        {"192.168.122.0/24", said(QT_TRANSLATE_NOOP("NetworksInSight", "virtual machines"))},
        {"192.168.178.0/24", said(QT_TRANSLATE_NOOP("NetworksInSight", "many routers"))},
        {"fc00:bbbb:bbbb:bb01::/64", said(QT_TRANSLATE_NOOP("NetworksInSight", "the inside of Mullvad's tunnels"))},
        {"fd7a:115c:a1e0::/48", said(QT_TRANSLATE_NOOP("NetworksInSight", "mobile carriers and Tailscale"))},
    };
    std::vector<SeenNetwork> all;
    for (const auto &[text, whose] : known) {
        const auto prefix = Prefix::parse(QString::fromLatin1(text));
        Q_ASSERT(prefix);
        all.push_back({*prefix, whose});
    }
    return all;
}

std::vector<SeenNetwork> configuredNetworks(const Configuration &configuration)
{
    std::vector<SeenNetwork> all;
    if (configuration.home) {
        for (const InterfaceAddress &address : configuration.home->addresses)
            add(all, address.network(), configuration.home->name);
        for (const Device &device : configuration.home->devices) {
            for (const Prefix &route : device.routes)
                add(all, route, device.name);
        }
    }
    for (const Exit &exit : configuration.exits) {
        if (const auto *way = std::get_if<ProviderExit>(&exit.way)) {
            for (const InterfaceAddress &address : way->addresses)
                add(all, address.network(), exit.name);
        }
    }
    return all;
}

std::vector<SeenNetwork> routedNetworks(QByteArrayView ipv4, QByteArrayView ipv6)
{
    std::vector<SeenNetwork> all;
    for (const QByteArray &line : ipv4.toByteArray().split('\n'))
        addIpv4Route(all, line.simplified().split(' '));
    for (const QByteArray &line : ipv6.toByteArray().split('\n'))
        addIpv6Route(all, line.simplified().split(' '));
    return all;
}

std::vector<SeenNetwork> networksInSight(const Configuration &configuration)
{
    std::vector<SeenNetwork> all = routedNetworks(textOf(u"/proc/net/route"_s), textOf(u"/proc/net/ipv6_route"_s));
    addInterfaces(all);
    dropOwn(all);
    for (const std::vector<SeenNetwork> &more : {configuredNetworks(configuration), knownNetworks()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace sallyport
