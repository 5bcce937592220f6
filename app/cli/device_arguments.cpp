// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/device_arguments.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

template<class T>
Result<std::vector<T>> parsedAll(const Line &line, const QString &option, Result<T> (*parse)(QStringView))
{
    std::vector<T> values;
    for (const QString &text : line.values(option)) {
        Result<T> value = parse(text);
        if (!value)
            return usage(value.error().detail.chopped(1), line);
        values.push_back(std::move(*value));
    }
    return values;
}

Result<Done> addEndpoints(Device &device, const Line &line, const QString &option, EndpointScope scope)
{
    const auto endpoints = parsedAll(line, option, &HostEndpoint::parse);
    if (!endpoints)
        return endpoints.error();
    for (const HostEndpoint &endpoint : *endpoints)
        device.endpoints.push_back(Candidate{endpoint, scope, {}});
    return Done{};
}

Result<Done> addNetworks(Device &device, const Line &line)
{
    const auto addresses = parsedAll(line, u"--address"_s, &Prefix::parse);
    if (!addresses)
        return addresses.error();
    const auto routes = parsedAll(line, u"--route"_s, &Prefix::parse);
    if (!routes)
        return routes.error();
    device.addresses = *addresses;
    device.routes = *routes;
    if (const auto lan = addEndpoints(device, line, u"--lan-endpoint"_s, EndpointScope::Lan); !lan)
        return lan;
    return addEndpoints(device, line, u"--endpoint"_s, EndpointScope::Any);
}

Result<Request> parseDeviceAdd(const Line &line)
{
    if (!line.has(u"--key"_s) || !line.has(u"--address"_s))
        return usage(u"'sally device add' needs --key and --address"_s, line);
    Device device;
    device.name = line.words[1];
    device.aliases = line.values(u"--alias"_s);
    device.offersExit = line.has(u"--offers-exit"_s);
    const auto key = PublicKey::parse(line.value(u"--key"_s));
    if (!key)
        return usage(key.error().detail.chopped(1), line);
    device.publicKey = *key;
    if (const auto networks = addNetworks(device, line); !networks)
        return networks.error();
    if (line.has(u"--keepalive"_s)) {
        const auto seconds = number(line, line.value(u"--keepalive"_s), u"a number of seconds"_s, 65535);
        if (!seconds)
            return seconds.error();
        device.persistentKeepalive = quint16(*seconds);
    }
    return Request(DeviceAddRequest{device, line.json()});
}

std::optional<Preference> useOf(const QString &verb)
{
    static const QMap<QString, Preference> uses = {{u"prefer"_s, Preference::Prefer}, {u"pin"_s, Preference::Pin},
        {u"forbid"_s, Preference::Forbid}, {u"release"_s, Preference::None}};
    return uses.contains(verb) ? std::optional(uses.value(verb)) : std::nullopt;
}

Result<Request> parsePath(const Line &line, Preference use)
{
    if (line.words.size() != 3 || line.words[1].isEmpty())
        return badWords(line);
    const auto address = HostEndpoint::parse(line.words[2]);
    if (!address)
        return usage(address.error().detail.chopped(1), line);
    return Request(DevicePathRequest{{line.words[1], *address, use}, line.json()});
}

} // namespace

Result<Request> parseDevice(const Line &line)
{
    const QString verb = line.words.value(0);
    const bool named = line.words.size() == 2 && !line.words[1].isEmpty();
    if (verb == u"add" && named)
        return parseDeviceAdd(line);
    for (const QString &option : line.options.keys()) {
        if (option != u"--json")
            return usage(u"%1 belongs to 'sally device add'"_s.arg(option), line);
    }
    if (verb == u"list" && line.words.size() == 1)
        return Request(DeviceListRequest{line.json()});
    if (verb == u"show" && named)
        return Request(DeviceShowRequest{line.words[1], line.json()});
    if (const auto use = useOf(verb))
        return parsePath(line, *use);
    if (verb == u"remove" && named)
        return Request(DeviceRemoveRequest{line.words[1], line.json()});
    return badWords(line);
}

} // namespace sallyport::cli
