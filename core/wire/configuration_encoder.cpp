// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

template<class T>
QVariantList texts(const std::vector<T> &values)
{
    QVariantList list;
    for (const T &value : values)
        list += value.toString();
    return list;
}

void put(QVariantMap &map, const QString &key, const QString &value)
{
    if (!value.isEmpty())
        map.insert(key, value);
}

void put(QVariantMap &map, const QString &key, const QVariantList &value)
{
    if (!value.isEmpty())
        map.insert(key, value);
}

void put(QVariantMap &map, const QString &key, quint16 value, quint16 fallback = 0)
{
    if (value != fallback)
        map.insert(key, uint(value));
}

void put(QVariantMap &map, const QString &key, bool value, bool fallback)
{
    if (value != fallback)
        map.insert(key, value);
}

QVariantMap encode(const Candidate &value)
{
    QVariantMap map{{u"address"_s, value.endpoint.toString()}};
    if (value.scope != EndpointScope::Any)
        map.insert(u"scope"_s, value.scope == EndpointScope::Lan ? u"lan"_s : u"public"_s);
    put(map, u"resolved"_s, texts(value.resolved));
    return map;
}

void putPresharedKey(QVariantMap &map, bool has, const QString &file)
{
    put(map, u"presharedKeyFile"_s, file);
    put(map, u"hasPresharedKey"_s, has && file.isEmpty(), false);
}

QVariantMap encode(const Device &value)
{
    QVariantMap map{{u"name"_s, value.name}, {u"publicKey"_s, value.publicKey.toBase64()}};
    put(map, u"aliases"_s, QVariantList(value.aliases.begin(), value.aliases.end()));
    put(map, u"addresses"_s, texts(value.addresses));
    QVariantList endpoints;
    for (const Candidate &each : value.endpoints)
        endpoints += encode(each);
    put(map, u"endpoints"_s, endpoints);
    put(map, u"routes"_s, texts(value.routes));
    put(map, u"offersExit"_s, value.offersExit, false);
    put(map, u"persistentKeepalive"_s, value.persistentKeepalive);
    putPresharedKey(map, value.hasPresharedKey, value.presharedKeyFile);
    return map;
}

QVariantMap encode(const Home &value)
{
    QVariantMap map{{u"device"_s, value.device}, {u"addresses"_s, texts(value.addresses)}};
    put(map, u"name"_s, value.name);
    put(map, u"listenPort"_s, value.listenPort);
    put(map, u"domain"_s, value.domain);
    put(map, u"privateKeyFile"_s, value.privateKeyFile);
    put(map, u"dns"_s, texts(value.dns));
    put(map, u"mtu"_s, value.mtu);
    QVariantList devices;
    devices.reserve(static_cast<qsizetype>(value.devices.size()));
    for (const Device &each : value.devices)
        devices += encode(each);
    put(map, u"devices"_s, devices);
    return map;
}

QVariantMap encode(const ExitPeer &value)
{
    QVariantMap map{{u"publicKey"_s, value.publicKey.toBase64()}, {u"endpoint"_s, value.endpoint.toString()}};
    put(map, u"resolved"_s, texts(value.resolved));
    put(map, u"allowedIPs"_s, texts(value.allowedIps));
    put(map, u"persistentKeepalive"_s, value.persistentKeepalive, 25);
    putPresharedKey(map, value.hasPresharedKey, value.presharedKeyFile);
    return map;
}

QVariantMap encode(const ProviderExit &value)
{
    QVariantMap map{{u"addresses"_s, texts(value.addresses)}, {u"peer"_s, encode(value.peer)}};
    put(map, u"provider"_s, value.provider);
    put(map, u"privateKeyFile"_s, value.privateKeyFile);
    put(map, u"dns"_s, texts(value.dns));
    put(map, u"searchDomains"_s, QVariantList(value.searchDomains.begin(), value.searchDomains.end()));
    put(map, u"listenPort"_s, value.listenPort);
    put(map, u"mtu"_s, value.mtu);
    return map;
}

QVariantMap encode(const Exit &value)
{
    QVariantMap map = std::visit(Overloaded{
                                     [](const ProviderExit &way) { return encode(way); },
                                     [](const DeviceExit &way) {
                                         return QVariantMap{{u"device"_s, way.device}};
                                     },
                                 },
        value.way);
    map.insert(u"name"_s, value.name);
    return map;
}

} // namespace

QVariantMap encodeConfiguration(const Configuration &configuration)
{
    QVariantMap map;
    if (configuration.home)
        map.insert(u"home"_s, encode(*configuration.home));
    QVariantList exits;
    for (const Exit &each : configuration.exits)
        exits += encode(each);
    put(map, u"exits"_s, exits);
    if (configuration.policy != Policy{})
        map.insert(u"policy"_s,
            QVariantMap{{u"allowLan"_s, configuration.policy.allowLan}, {u"exitDns"_s, configuration.policy.exitDns}});
    if (configuration.gateway.serve)
        map.insert(u"gateway"_s, QVariantMap{{u"serve"_s, true}});
    return map;
}

} // namespace sallyport
