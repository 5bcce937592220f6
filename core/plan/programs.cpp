// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/programs.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// NetworkManager: mark and table 51820 + hash % 500, rules in pairs below 31766.
bool isNetworkManagers(const ForeignRule &rule)
{
    return rule.mark == rule.table && rule.table >= kWgQuickTable && rule.table < kWgQuickTable + 500
        && rule.preference >= 30766 && rule.preference <= 31767;
}

QString withLink(const QString &program, const QString &device)
{
    return device.isEmpty() ? program : u"%1 (%2)"_s.arg(program, device);
}

} // namespace

QString programOf(const QString &interface)
{
    static const QList<std::pair<QString, QString>> known
        = {{u"tailscale"_s, u"Tailscale"_s}, {u"wg0-mullvad"_s, u"Mullvad"_s}, {u"nordlynx"_s, u"NordVPN"_s},
            {u"nordtun"_s, u"NordVPN"_s}, {u"proton"_s, u"Proton VPN"_s}, {u"pvpn"_s, u"Proton VPN"_s},
            {u"wgivpn"_s, u"IVPN"_s}, {u"wt0"_s, u"NetBird"_s}, {u"moz"_s, u"Mozilla VPN"_s}, {u"zt"_s, u"ZeroTier"_s},
            {u"nebula"_s, u"Nebula"_s}, {u"CloudflareWARP"_s, u"Cloudflare WARP"_s}, {u"amn"_s, u"AmneziaVPN"_s},
            {u"wg"_s, u"WireGuard"_s}, {u"tun"_s, u"OpenVPN or another tunnel"_s}, {u"ppp"_s, u"PPP"_s}};
    for (const auto &[prefix, program] : known) {
        if (interface.startsWith(prefix))
            return program;
    }
    return {};
}

QString ownerOf(const ForeignRule &rule, const QString &device, const Others &others)
{
    switch (rule.table) {
    case kTailscaleTable:
        return u"Tailscale"_s;
    case kMullvadTable:
        return u"Mullvad app"_s;
    case kNetbirdTable:
        return u"NetBird"_s;
    default: // a number, not an enumeration
        break;
    }
    if (isNetworkManagers(rule))
        return withLink(u"NetworkManager"_s, device);
    const QString wgQuick = u"wg-quick-"_s + device;
    if (findTable(others, u"ip", wgQuick) || findTable(others, u"ip6", wgQuick))
        return withLink(u"wg-quick"_s, device);
    const QString program = programOf(device);
    return withLink(program.isEmpty() ? u"Another program"_s : program, device);
}

const ForeignTable *findTable(const Others &others, QStringView family, QStringView name)
{
    const auto found = std::ranges::find_if(
        others.tables, [&](const ForeignTable &table) { return table.family == family && table.name == name; });
    return found == others.tables.end() ? nullptr : &*found;
}

const ForeignTable *findTableWithChain(const Others &others, QStringView prefix)
{
    const auto found = std::ranges::find_if(others.tables, [&](const ForeignTable &table) {
        return std::ranges::any_of(table.chains, [&](const QString &chain) { return chain.startsWith(prefix); });
    });
    return found == others.tables.end() ? nullptr : &*found;
}

QString linkOf(const Others &others, QStringView prefix)
{
    const auto found
        = std::ranges::find_if(others.links, [&](const ForeignLink &link) { return link.name.startsWith(prefix); });
    return found == others.links.end() ? QString() : found->name;
}

} // namespace sallyport
