// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/health.h"

#include "app/cli/name_health.h"
#include "app/cli/text.h"
#include "core/constants.h"
#include "core/plan/programs.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

Finding helperFinding(const BusFacts &bus)
{
    const QString subject = u"helper"_s;
    if (!bus.connected)
        return {subject, Health::Bad, u"The system bus cannot be reached."_s, u"Install or start D-Bus."_s};
    if (!bus.snapshot)
        return {subject, Health::Bad, sentenceOf(bus.snapshot.error()) + u'.',
            u"Install sallyport-helper, or see 'journalctl -u sallyport-helper'."_s};
    const QString version = bus.snapshot->helperVersion;
    if (!version.isEmpty() && version != QStringLiteral(SALLYPORT_VERSION))
        return {subject, Health::Warning,
            u"The helper is version %1, this is version %2."_s.arg(version, QStringLiteral(SALLYPORT_VERSION)),
            u"Install the same version of both."_s};
    return {subject, Health::Ok, u"The helper answers (version %1)."_s.arg(version), {}};
}

/// Home works without it, only slower to follow; while Home is off nobody misses it.
Finding meshFinding(const BusFacts &bus)
{
    const QString subject = u"meshd"_s;
    if (bus.ledger) {
        const auto agents = std::ranges::count(*bus.ledger, true, &LedgerPeer::hasAgent);
        return {subject, Health::Ok,
            u"sallyport-meshd runs; %1 of %2 devices answer its questions."_s.arg(agents).arg(bus.ledger->size()), {}};
    }
    const bool isMissed = bus.snapshot && bus.snapshot->home.enabled;
    if (bus.ledger.error().code != Errc::HelperUnavailable)
        return {subject, Health::Warning, u"sallyport-meshd does not answer as it should."_s,
            u"See 'journalctl -u sallyport-meshd'."_s};
    if (!isMissed)
        return {subject, Health::Ok, u"sallyport-meshd does not run; only Home needs it."_s, {}};
    return {subject, Health::Warning,
        u"sallyport-meshd does not run: Home follows this machine from network to network more slowly."_s,
        u"Use 'systemctl start sallyport-meshd'."_s};
}

Finding polkitFinding(const BusFacts &bus)
{
    if (bus.polkit)
        return {u"polkit"_s, Health::Ok, u"polkit can be asked for permission."_s, {}};
    return {u"polkit"_s, Health::Bad, u"There is no polkit on the bus: only root may switch."_s, u"Install polkitd."_s};
}

Finding wireguardFinding(const SystemFacts &system)
{
    const QString subject = u"wireguard"_s;
    const bool userspace = !system.wireguardGo.isEmpty() && system.hasTunDevice;
    if (system.wireguardModule == Presence::Yes)
        return {subject, Health::Ok, u"The kernel has WireGuard."_s, {}};
    if (userspace)
        return {subject, Health::Warning, u"The kernel has no WireGuard; wireguard-go is used instead and is slower."_s,
            u"Install a kernel with the wireguard module for full speed."_s};
    if (!system.wireguardGo.isEmpty())
        return {subject, Health::Bad, u"The kernel has no WireGuard, and wireguard-go has no /dev/net/tun."_s,
            u"Load the tun module, or install a kernel with the wireguard module."_s};
    if (system.wireguardModule == Presence::Unknown)
        return {subject, Health::Warning, u"Whether the kernel has WireGuard cannot be seen from here."_s,
            u"Switch Home on: the helper says whether it works."_s};
    return {subject, Health::Bad,
        u"Kernel %1 has no WireGuard, and there is no wireguard-go."_s.arg(system.kernelRelease),
        u"Install a kernel with the wireguard module, or wireguard-go."_s};
}

Finding nftablesFinding(const SystemFacts &system)
{
    switch (system.nftables) {
    case Presence::Yes:
        return {u"nftables"_s, Health::Ok, u"The kernel has nftables."_s, {}};
    case Presence::No:
        return {u"nftables"_s, Health::Bad, u"The kernel has no nftables: the guard cannot be closed."_s,
            u"Install a kernel with nf_tables."_s};
    case Presence::Unknown:
        break;
    }
    return {u"nftables"_s, Health::Warning, u"Whether the kernel has nftables cannot be seen from here."_s,
        u"Switch Exit on: the helper says whether it works."_s};
}

Finding resolverFinding(const SystemFacts &system, const BusFacts &bus)
{
    const QString subject = u"resolver"_s;
    switch (resolverKind(system.resolvConf, system.resolvConfTarget)) {
    case ResolverKind::Resolved:
        if (bus.resolved)
            return {subject, Health::Ok, u"Names are looked up by systemd-resolved."_s, {}};
        return {subject, Health::Bad, u"resolv.conf points to systemd-resolved, which does not run."_s,
            u"Use 'systemctl start systemd-resolved'."_s};
    case ResolverKind::NetworkManager:
        return {subject, Health::Warning, u"resolv.conf is written by NetworkManager."_s,
            u"systemd-resolved can keep Home's names apart from the exit's; consider it."_s};
    case ResolverKind::Resolvconf:
        return {subject, Health::Warning, u"resolv.conf is written by resolvconf."_s,
            u"systemd-resolved can keep Home's names apart from the exit's; consider it."_s};
    case ResolverKind::File:
        return {subject, Health::Warning, u"resolv.conf is a plain file."_s,
            u"systemd-resolved can keep Home's names apart from the exit's; consider it."_s};
    case ResolverKind::None:
        break;
    }
    return {subject, Health::Bad, u"resolv.conf names no server: no name can be looked up."_s,
        u"Connect to a network, or write a nameserver into /etc/resolv.conf."_s};
}

Finding othersFinding(const SystemFacts &system)
{
    QStringList seen;
    for (const QString &interface : system.interfaces) {
        if (const QString program = programOf(interface); !program.isEmpty())
            seen += u"%1 (%2)"_s.arg(program, interface);
    }
    if (seen.isEmpty())
        return {u"other VPNs"_s, Health::Ok, u"No other VPN is seen."_s, {}};
    return {u"other VPNs"_s, Health::Warning, u"There is also %1."_s.arg(seen.join(u", "_s)),
        u"Two exits cannot be on at once; leave only one of them on."_s};
}

std::vector<Finding> conflictFindings(const Snapshot &snapshot)
{
    std::vector<Finding> findings;
    for (const Conflict &conflict : snapshot.conflicts)
        findings.push_back({u"conflict"_s, Health::Warning, conflict.who + u": "_s + conflict.what, conflict.advice});
    if (snapshot.lastError)
        findings.push_back({u"last error"_s, Health::Bad, sentenceOf(*snapshot.lastError) + u'.', {}});
    return findings;
}

/// What the helper saw in the kernel.
std::vector<Finding> foundFindings(const Found &found)
{
    std::vector<Finding> findings;
    const auto list = [](const QStringList &phrases) { return phrases.join(u"; "_s) + u'.'; };
    if (!found.ours.isEmpty())
        findings.push_back({u"ours"_s, Health::Ok, u"In the kernel: %1"_s.arg(list(found.ours)), {}});
    if (!found.others.isEmpty())
        findings.push_back({u"others"_s, Health::Ok, u"In the kernel: %1"_s.arg(list(found.others)), {}});
    return findings;
}

QString word(Phase phase)
{
    switch (phase) {
    case Phase::Off:
        return u"off"_s;
    case Phase::Starting:
        return u"starting"_s;
    case Phase::Up:
        return u"up"_s;
    case Phase::Stale:
        return u"stale"_s;
    case Phase::Failed:
        return u"failed"_s;
    }
    return {};
}

Finding switchFinding(const QString &subject, bool enabled, Phase phase, const QString &interface)
{
    if (!enabled && phase == Phase::Off)
        return {subject, Health::Ok, u"Off."_s, {}};
    const QString state = interface.isEmpty() ? word(phase) : word(phase) + u", interface "_s + interface;
    const bool fine = enabled && phase == Phase::Up;
    return {subject, fine ? Health::Ok : Health::Warning,
        u"Switched %1: %2."_s.arg(enabled ? u"on"_s : u"off"_s, state), fine ? QString() : u"See 'sally status'."_s};
}

QString word(Health health)
{
    switch (health) {
    case Health::Ok:
        return u"ok"_s;
    case Health::Warning:
        return u"warn"_s;
    case Health::Bad:
        return u"bad"_s;
    }
    return {};
}

} // namespace

std::vector<Finding> examine(const SystemFacts &system, const BusFacts &bus)
{
    std::vector<Finding> findings = {helperFinding(bus), meshFinding(bus), polkitFinding(bus), wireguardFinding(system),
        nftablesFinding(system), resolverFinding(system, bus), othersFinding(system)};
    if (!system.nameServers.empty())
        findings.push_back(namesFinding(system.nameServers));
    if (bus.snapshot) {
        const Snapshot &snapshot = *bus.snapshot;
        findings.push_back(
            switchFinding(u"home"_s, snapshot.home.enabled, snapshot.home.phase, snapshot.home.interface));
        findings.push_back(
            switchFinding(u"exit"_s, snapshot.exit.enabled, snapshot.exit.phase, snapshot.exit.interface));
        std::ranges::move(foundFindings(snapshot.found), std::back_inserter(findings));
        std::ranges::move(conflictFindings(snapshot), std::back_inserter(findings));
    }
    return findings;
}

QStringList findingLines(const std::vector<Finding> &findings)
{
    std::vector<QStringList> rows;
    for (const Finding &finding : findings)
        rows.push_back(
            {word(finding.health), finding.subject, QString(finding.sentence + u' ' + finding.advice).trimmed()});
    return table(rows);
}

QVariantMap findingMap(const std::vector<Finding> &findings)
{
    QVariantList checks;
    for (const Finding &finding : findings)
        checks += QVariantMap{{u"subject"_s, finding.subject}, {u"state"_s, word(finding.health)},
            {u"sentence"_s, finding.sentence}, {u"advice"_s, finding.advice}};
    return {{u"checks"_s, checks}};
}

bool hasBad(const std::vector<Finding> &findings)
{
    return std::ranges::any_of(findings, [](const Finding &each) { return each.health == Health::Bad; });
}

} // namespace sallyport::cli
