// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/changes.h"

#include <QHash>

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

/// Collects the names of fields that differ.
class Differences {
public:
    template<class T>
    Differences &field(const QString &name, const T &before, const T &after)
    {
        if (!(before == after))
            m_names += name;
        return *this;
    }
    QString sentence(const QString &subject) const { return subject + u": "_s + m_names.join(u", "_s) + u" changed"_s; }

private:
    QStringList m_names;
};

std::vector<IpAddress> resolvedOf(const Device &device)
{
    std::vector<IpAddress> all;
    for (const Candidate &candidate : device.endpoints)
        all.insert(all.end(), candidate.resolved.begin(), candidate.resolved.end());
    return all;
}

std::vector<std::pair<HostEndpoint, EndpointScope>> writtenEndpoints(const Device &device)
{
    std::vector<std::pair<HostEndpoint, EndpointScope>> all;
    for (const Candidate &candidate : device.endpoints)
        all.emplace_back(candidate.endpoint, candidate.scope);
    return all;
}

QString changeOf(const Device &before, const Device &after)
{
    return Differences()
        .field(u"aliases"_s, before.aliases, after.aliases)
        .field(u"addresses"_s, before.addresses, after.addresses)
        .field(u"public key"_s, before.publicKey, after.publicKey)
        .field(u"endpoints"_s, writtenEndpoints(before), writtenEndpoints(after))
        .field(u"addresses behind names"_s, resolvedOf(before), resolvedOf(after))
        .field(u"routes"_s, before.routes, after.routes)
        .field(u"offered exit"_s, before.offersExit, after.offersExit)
        .field(u"keepalive"_s, before.persistentKeepalive, after.persistentKeepalive)
        .field(u"preshared key"_s, std::pair(before.hasPresharedKey, before.presharedKeyFile),
            std::pair(after.hasPresharedKey, after.presharedKeyFile))
        .sentence(u"home: device "_s + after.name);
}

QString changeOf(const ProviderExit &before, const ProviderExit &after, const QString &name)
{
    return Differences()
        .field(u"provider"_s, before.provider, after.provider)
        .field(u"addresses"_s, before.addresses, after.addresses)
        .field(u"private key file"_s, before.privateKeyFile, after.privateKeyFile)
        .field(u"public key"_s, before.peer.publicKey, after.peer.publicKey)
        .field(u"endpoint"_s, before.peer.endpoint, after.peer.endpoint)
        .field(u"addresses behind the name"_s, before.peer.resolved, after.peer.resolved)
        .field(u"allowed addresses"_s, before.peer.allowedIps, after.peer.allowedIps)
        .field(u"keepalive"_s, before.peer.persistentKeepalive, after.peer.persistentKeepalive)
        .field(u"preshared key"_s, std::pair(before.peer.hasPresharedKey, before.peer.presharedKeyFile),
            std::pair(after.peer.hasPresharedKey, after.peer.presharedKeyFile))
        .field(u"dns"_s, before.dns, after.dns)
        .field(u"search domains"_s, before.searchDomains, after.searchDomains)
        .field(u"listen port"_s, before.listenPort, after.listenPort)
        .field(u"mtu"_s, before.mtu, after.mtu)
        .sentence(u"exit "_s + name);
}

QString changeOf(const Exit &before, const Exit &after)
{
    const auto *providerBefore = std::get_if<ProviderExit>(&before.way);
    const auto *providerAfter = std::get_if<ProviderExit>(&after.way);
    if (providerBefore && providerAfter)
        return changeOf(*providerBefore, *providerAfter, after.name);
    const auto *device = std::get_if<DeviceExit>(&after.way);
    return device ? u"exit %1: now leads through device %2"_s.arg(after.name, device->device)
                  : u"exit %1: now leads through a provider"_s.arg(after.name);
}

/// The names come first, so that 10,000 devices do not take 10,000 searches of 10,000.
template<class T>
QStringList changesByName(const std::vector<T> &before, const std::vector<T> &after, const QString &kind)
{
    QHash<QString, const T *> old;
    QHash<QString, const T *> present;
    for (const T &each : before)
        old.insert(each.name, &each);
    for (const T &each : after)
        present.insert(each.name, &each);
    QStringList lines;
    for (const T &each : before) {
        if (!present.contains(each.name))
            lines += kind + each.name + u" removed"_s;
    }
    for (const T &each : after) {
        const T *was = old.value(each.name);
        if (!was)
            lines += kind + each.name + u" added"_s;
        else if (!(*was == each))
            lines += changeOf(*was, each);
    }
    return lines;
}

template<class T>
QStringList changesOf(
    const std::vector<T> &before, const std::vector<T> &after, const QString &kind, const QString &many)
{
    const QStringList lines = changesByName(before, after, kind);
    if (lines.isEmpty() && !(before == after))
        return {many + u": order changed"_s};
    return lines;
}

QStringList changesOf(const Home &before, const Home &after)
{
    Home sameDevices = after;
    sameDevices.devices = before.devices;
    QStringList lines;
    if (!(sameDevices == before)) {
        lines += Differences()
                     .field(u"name"_s, before.name, after.name)
                     .field(u"device"_s, before.device, after.device)
                     .field(u"addresses"_s, before.addresses, after.addresses)
                     .field(u"listen port"_s, before.listenPort, after.listenPort)
                     .field(u"domain"_s, before.domain, after.domain)
                     .field(u"private key file"_s, before.privateKeyFile, after.privateKeyFile)
                     .field(u"dns"_s, before.dns, after.dns)
                     .field(u"mtu"_s, before.mtu, after.mtu)
                     .sentence(u"home"_s);
    }
    return lines + changesOf(before.devices, after.devices, u"home: device "_s, u"home: devices"_s);
}

QStringList homeChanges(const std::optional<Home> &before, const std::optional<Home> &after)
{
    if (before && after)
        return changesOf(*before, *after);
    if (before)
        return {u"home removed"_s};
    if (!after)
        return {};
    QStringList lines = {after->name.isEmpty() ? u"home added"_s : u"home added: "_s + after->name};
    for (const Device &device : after->devices)
        lines += u"home: device %1 added"_s.arg(device.name);
    return lines;
}

} // namespace

QStringList changes(const Configuration &before, const Configuration &after)
{
    QStringList lines = homeChanges(before.home, after.home);
    lines += changesOf(before.exits, after.exits, u"exit "_s, u"exits"_s);
    if (!(before.policy == after.policy))
        lines += Differences()
                     .field(u"allowLan"_s, before.policy.allowLan, after.policy.allowLan)
                     .field(u"exitDns"_s, before.policy.exitDns, after.policy.exitDns)
                     .sentence(u"policy"_s);
    if (!(before.gateway == after.gateway))
        lines += after.gateway.serve ? u"gateway: serves now"_s : u"gateway: no longer serves"_s;
    return lines;
}

} // namespace sallyport::cli
