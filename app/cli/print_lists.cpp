// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_lists.h"

#include "app/cli/text.h"
#include "core/wire/configuration_codec.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

struct ExitFacts {
    QString name;
    QString kind;
    QString leadsTo;
    bool chosen = false;
    bool on = false;
};

ExitFacts factsOf(const Exit &exit, const Snapshot &snapshot)
{
    ExitFacts facts;
    facts.name = exit.name;
    facts.chosen = snapshot.exit.name == exit.name;
    facts.on = facts.chosen && snapshot.exit.enabled;
    std::visit(Overloaded{
                   [&](const ProviderExit &way) {
                       facts.kind = way.provider.isEmpty() ? u"wireguard"_s : way.provider;
                       facts.leadsTo = way.peer.endpoint.toString();
                   },
                   [&](const DeviceExit &way) {
                       facts.kind = u"device"_s;
                       facts.leadsTo = way.device;
                   },
               },
        exit.way);
    return facts;
}

template<class T>
QString joined(const std::vector<T> &values)
{
    QStringList texts;
    for (const T &value : values)
        texts += value.toString();
    return texts.isEmpty() ? u"-"_s : texts.join(u", "_s);
}

QString scopeWord(EndpointScope scope)
{
    switch (scope) {
    case EndpointScope::Any:
        return {};
    case EndpointScope::Lan:
        return u" (lan)"_s;
    case EndpointScope::Public:
        return u" (public)"_s;
    }
    return {};
}

QString endpointsOf(const Device &device)
{
    QStringList texts;
    for (const Candidate &candidate : device.endpoints)
        texts += candidate.endpoint.toString() + scopeWord(candidate.scope);
    return texts.isEmpty() ? u"-"_s : texts.join(u", "_s);
}

} // namespace

QStringList exitListLines(const Configuration &configuration, const Snapshot &snapshot)
{
    if (configuration.exits.empty())
        return {u"There is no exit yet."_s};
    std::vector<QStringList> rows = {{u"EXIT"_s, u"KIND"_s, u"LEADS TO"_s, u"STATE"_s}};
    for (const Exit &exit : configuration.exits) {
        const ExitFacts facts = factsOf(exit, snapshot);
        rows.push_back({facts.name, facts.kind, facts.leadsTo,
            facts.on           ? u"on"_s
                : facts.chosen ? u"chosen"_s
                               : u"-"_s});
    }
    return table(rows);
}

QVariantMap exitListMap(const Configuration &configuration, const Snapshot &snapshot)
{
    QVariantList exits;
    for (const Exit &exit : configuration.exits) {
        const ExitFacts facts = factsOf(exit, snapshot);
        exits += QVariantMap{{u"name"_s, facts.name}, {u"kind"_s, facts.kind}, {u"leadsTo"_s, facts.leadsTo},
            {u"chosen"_s, facts.chosen}, {u"on"_s, facts.on}};
    }
    return {{u"exits"_s, exits}};
}

QStringList deviceListLines(const Home &home)
{
    if (home.devices.empty())
        return {u"There is no device yet."_s};
    std::vector<QStringList> rows = {{u"DEVICE"_s, u"ADDRESSES"_s, u"ENDPOINTS"_s, u"PUBLIC KEY"_s}};
    for (const Device &device : home.devices)
        rows.push_back({device.name + (device.name == home.device ? u" (this machine)"_s : QString()),
            joined(device.addresses), endpointsOf(device), device.publicKey.toBase64()});
    return table(rows);
}

QVariantMap deviceListMap(const Home &home)
{
    QVariantList devices;
    for (const Device &device : home.devices) {
        QVariantMap map = deviceMap(device);
        map.insert(u"thisMachine"_s, device.name == home.device);
        devices += map;
    }
    return {{u"home"_s, home.name}, {u"device"_s, home.device}, {u"devices"_s, devices}};
}

QStringList deviceLines(const Device &device)
{
    std::vector<QStringList> rows
        = {{u"name"_s, device.name}, {u"aliases"_s, device.aliases.isEmpty() ? u"-"_s : device.aliases.join(u", "_s)},
            {u"public key"_s, device.publicKey.toBase64()}, {u"addresses"_s, joined(device.addresses)},
            {u"endpoints"_s, endpointsOf(device)}, {u"routes"_s, joined(device.routes)},
            {u"offers exit"_s, device.offersExit ? u"yes"_s : u"no"_s},
            {u"keepalive"_s, device.persistentKeepalive ? u"%1 s"_s.arg(device.persistentKeepalive) : u"off"_s},
            {u"preshared key"_s, device.hasPresharedKey ? u"yes"_s : u"no"_s}};
    return table(rows);
}

/// The form of the configuration file, so that scripts learn only one.
QVariantMap deviceMap(const Device &device)
{
    Configuration configuration;
    configuration.home.emplace().devices.push_back(device);
    return encodeConfiguration(configuration).value(u"home"_s).toMap().value(u"devices"_s).toList().value(0).toMap();
}

} // namespace sallyport::cli
