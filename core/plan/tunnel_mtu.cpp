// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/tunnel_mtu.h"

#include <algorithm>

namespace sallyport {

namespace {

/// RFC 791: every network carries packets of 576 bytes, or fragments the encrypted ones.
constexpr quint32 kSmallestMtu = 576;

/// None: nobody says what size a link of that name should have.
std::optional<quint16> configuredMtu(const QString &link, const Configuration &configuration, const Intent &intent)
{
    if (link == QLatin1String(kHomeLink))
        return configuration.home ? std::optional(configuration.home->mtu) : std::nullopt;
    const Exit *exit = intent.exit ? findExit(configuration, intent.exitName) : nullptr;
    const auto *provider = exit ? std::get_if<ProviderExit>(&exit->way) : nullptr;
    return provider ? std::optional(provider->mtu) : std::nullopt;
}

} // namespace

quint32 tunnelMtu(quint16 configured, quint32 mark, const Surroundings &around)
{
    if (configured != 0)
        return configured;
    quint32 smallest = kMaximumMtu + kTunnelOverhead;
    for (const Uplink &uplink : around.uplinks) {
        if (uplink.hasDefaultRoute)
            smallest = std::min(smallest, uplink.mtu);
    }
    for (const UnderlayPath &path : around.paths) {
        if (path.mark == mark)
            smallest = std::min(smallest, path.mtu);
    }
    return std::max(smallest, kSmallestMtu + kTunnelOverhead) - kTunnelOverhead;
}

bool tunnelsFit(const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    return std::ranges::all_of(observed.links, [&](const ObservedLink &link) {
        const auto configured = configuredMtu(link.name, configuration, intent);
        return !link.ours || !configured || link.mtu == tunnelMtu(*configured, link.mark, observed);
    });
}

} // namespace sallyport
