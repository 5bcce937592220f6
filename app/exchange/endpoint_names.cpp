// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/endpoint_names.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// One place in a configuration where a name and its addresses stand.
struct NamedPlace {
    const HostEndpoint *endpoint;
    std::vector<IpAddress> *resolved;
    QString owner; ///< `device nas`, `exit mullvad-se`
    bool hasAnotherWay;
};

void addPlacesOf(Device &device, std::vector<NamedPlace> &places)
{
    const bool another = device.endpoints.size() > 1;
    for (Candidate &each : device.endpoints) {
        if (each.endpoint.isName())
            places.push_back({&each.endpoint, &each.resolved, u"device "_s + device.name, another});
    }
}

std::vector<NamedPlace> namedPlaces(Configuration &configuration)
{
    std::vector<NamedPlace> places;
    if (configuration.home) {
        for (Device &device : configuration.home->devices) {
            if (device.name != configuration.home->device)
                addPlacesOf(device, places);
        }
    }
    for (Exit &exit : configuration.exits) {
        if (auto *way = std::get_if<ProviderExit>(&exit.way); way && way->peer.endpoint.isName())
            places.push_back({&way->peer.endpoint, &way->peer.resolved, u"exit "_s + exit.name, false});
    }
    return places;
}

ResolvedNames namesIn(Configuration configuration)
{
    ResolvedNames known;
    for (const NamedPlace &place : namedPlaces(configuration)) {
        if (!place.resolved->empty())
            known.insert(place.endpoint->host, *place.resolved);
    }
    return known;
}

} // namespace

QStringList hostNamesOf(const Configuration &configuration)
{
    QStringList names;
    Configuration copy = configuration;
    for (const NamedPlace &place : namedPlaces(copy))
        names += place.endpoint->host;
    names.sort();
    names.removeDuplicates();
    return names;
}

Result<QStringList> fillResolved(Configuration &configuration, const Configuration &present, const ResolvedNames &found)
{
    const ResolvedNames known = namesIn(present);
    QStringList notes;
    for (const NamedPlace &place : namedPlaces(configuration)) {
        const QString &host = place.endpoint->host;
        if (found.contains(host)) {
            *place.resolved = found.value(host);
            continue;
        }
        if (place.resolved->empty())
            *place.resolved = known.value(host);
        if (place.resolved->empty() && !place.hasAnotherWay)
            return Error{Errc::InvalidArgument,
                u"'%1', the only endpoint of %2, has no address now; check the name or the network"_s.arg(
                    host, place.owner),
                {}};
        notes += place.resolved->empty()
            ? u"'%1' of %2 has no address now; its other endpoints are used"_s.arg(host, place.owner)
            : u"'%1' of %2 cannot be looked up now; the addresses known from before are used"_s.arg(host, place.owner);
    }
    return notes;
}

} // namespace sallyport
