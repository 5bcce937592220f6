// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/relay.h"

#include <QHash>

#include <algorithm>
#include <tuple>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isFound(const Relay &relay, const QStringList &words)
{
    const QString text = relay.country + u' ' + relay.city + u' ' + relay.hostname;
    return std::ranges::all_of(words, [&](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool isBefore(const Relay &a, const Relay &b)
{
    const auto key = [](const Relay &relay) { return std::tie(relay.country, relay.city, relay.hostname); };
    return key(a) < key(b);
}

} // namespace

const Relay *findRelay(const RelayList &list, const QString &hostname)
{
    const auto found = std::ranges::find(list.relays, hostname, &Relay::hostname);
    return found == list.relays.end() ? nullptr : &*found;
}

bool takesPort(const RelayList &list, quint16 port)
{
    if (list.ports.empty())
        return port == kUsualPort;
    return std::ranges::any_of(
        list.ports, [port](const PortRange &range) { return port >= range.first && port <= range.last; });
}

quint16 defaultPort(const RelayList &list)
{
    return takesPort(list, kUsualPort) ? kUsualPort : list.ports.front().first;
}

RelayList withMultihopPorts(RelayList list, const RelayList &flat)
{
    QHash<QString, const Relay *> known;
    for (const Relay &relay : flat.relays)
        known.insert(relay.hostname, &relay);
    for (Relay &relay : list.relays) {
        const Relay *other = known.value(relay.hostname);
        if (other && other->publicKey == relay.publicKey)
            relay.multihopPort = other->multihopPort;
    }
    return list;
}

std::vector<RelayCountry> relaysByPlace(const RelayList &list, const QString &search)
{
    const QStringList words = search.simplified().split(u' ', Qt::SkipEmptyParts);
    std::vector<Relay> found;
    std::ranges::copy_if(list.relays, std::back_inserter(found),
        [&](const Relay &relay) { return relay.isActive && isFound(relay, words); });
    std::ranges::sort(found, isBefore);
    std::vector<RelayCountry> countries;
    for (Relay &relay : found) {
        if (countries.empty() || countries.back().name != relay.country)
            countries.push_back({relay.country, relay.countryCode, {}});
        std::vector<RelayCity> &cities = countries.back().cities;
        if (cities.empty() || cities.back().name != relay.city)
            cities.push_back({relay.city, {}});
        cities.back().relays.push_back(std::move(relay));
    }
    return countries;
}

} // namespace sallyport
