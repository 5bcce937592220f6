// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/health.h"

#include "app/health/health_words.h"
#include "app/health/name_health.h"
#include "core/constants.h"
#include "core/plan/programs.h"
#include "core/present/words.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// What it means, and what the helper said.
QString told(const Error &error)
{
    const Trouble trouble = troubleOf(error);
    return trouble.detail.isEmpty() ? trouble.what : QString(trouble.what + u" ("_s + trouble.detail + u')');
}

Finding helperFinding(const BusFacts &bus)
{
    const QString subject = u"helper"_s;
    if (!bus.connected)
        return {subject, Health::Bad, HealthWords::tr("The system bus cannot be reached."),
            HealthWords::tr("Install or start D-Bus.")};
    if (!bus.snapshot)
        return {subject, Health::Bad, told(bus.snapshot.error()),
            HealthWords::tr("Install sallyport-helper, or see 'journalctl -u sallyport-helper'.")};
    const QString version = bus.snapshot->helperVersion;
    if (!version.isEmpty() && version != QStringLiteral(SALLYPORT_VERSION))
        return {subject, Health::Warning,
            HealthWords::tr("The helper is version %1, this is version %2.")
                .arg(version, QStringLiteral(SALLYPORT_VERSION)),
            HealthWords::tr("Install the same version of both.")};
    return {subject, Health::Ok, HealthWords::tr("The helper answers (version %1).").arg(version), {}};
}

/// Home works without it, only slower to follow; while Home is off nobody misses it.
Finding meshFinding(const BusFacts &bus)
{
    const QString subject = u"meshd"_s;
    if (bus.ledger) {
        const auto agents = std::ranges::count(*bus.ledger, true, &LedgerPeer::hasAgent);
        return {subject, Health::Ok,
            HealthWords::tr("sallyport-meshd runs; %1 of %2 devices answer its questions.")
                .arg(agents)
                .arg(bus.ledger->size()),
            {}};
    }
    const bool isMissed = bus.snapshot && bus.snapshot->home.enabled;
    if (bus.ledger.error().code != Errc::HelperUnavailable)
        return {subject, Health::Warning, HealthWords::tr("sallyport-meshd does not answer as it should."),
            HealthWords::tr("See 'journalctl -u sallyport-meshd'.")};
    if (!isMissed)
        return {subject, Health::Ok, HealthWords::tr("sallyport-meshd does not run; only Home needs it."), {}};
    return {subject, Health::Warning,
        HealthWords::tr("sallyport-meshd does not run: Home follows this machine from network to network more slowly."),
        HealthWords::tr("Use 'systemctl start sallyport-meshd'.")};
}

Finding polkitFinding(const BusFacts &bus)
{
    if (bus.polkit)
        return {u"polkit"_s, Health::Ok, HealthWords::tr("polkit can be asked for permission."), {}};
    return {u"polkit"_s, Health::Bad, HealthWords::tr("There is no polkit on the bus: only root may switch."),
        HealthWords::tr("Install polkitd.")};
}

Finding wireguardFinding(const SystemFacts &system)
{
    const QString subject = u"wireguard"_s;
    const bool userspace = !system.wireguardGo.isEmpty() && system.hasTunDevice;
    if (system.wireguardModule == Support::Yes)
        return {subject, Health::Ok, HealthWords::tr("The kernel has WireGuard."), {}};
    if (userspace)
        return {subject, Health::Warning,
            HealthWords::tr("The kernel has no WireGuard; wireguard-go is used instead and is slower."),
            HealthWords::tr("Install a kernel with the wireguard module for full speed.")};
    if (!system.wireguardGo.isEmpty())
        return {subject, Health::Bad,
            HealthWords::tr("The kernel has no WireGuard, and wireguard-go has no /dev/net/tun."),
            HealthWords::tr("Load the tun module, or install a kernel with the wireguard module.")};
    if (system.wireguardModule == Support::Unknown)
        return {subject, Health::Warning, HealthWords::tr("Whether the kernel has WireGuard cannot be seen from here."),
            HealthWords::tr("Switch Home on: the helper says whether it works.")};
    return {subject, Health::Bad,
        HealthWords::tr("Kernel %1 has no WireGuard, and there is no wireguard-go.").arg(system.kernelRelease),
        HealthWords::tr("Install a kernel with the wireguard module, or wireguard-go.")};
}

Finding nftablesFinding(const SystemFacts &system)
{
    switch (system.nftables) {
    case Support::Yes:
        return {u"nftables"_s, Health::Ok, HealthWords::tr("The kernel has nftables."), {}};
    case Support::No:
        return {u"nftables"_s, Health::Bad, HealthWords::tr("The kernel has no nftables: the guard cannot be closed."),
            HealthWords::tr("Install a kernel with nf_tables.")};
    case Support::Unknown:
        break;
    }
    return {u"nftables"_s, Health::Warning,
        HealthWords::tr("Whether the kernel has nftables cannot be seen from here."),
        HealthWords::tr("Switch Exit on: the helper says whether it works.")};
}

Finding resolverFinding(const SystemFacts &system, const BusFacts &bus)
{
    const QString subject = u"resolver"_s;
    switch (resolverKind(system.resolvConf, system.resolvConfTarget)) {
    case ResolverKind::Resolved:
        if (bus.resolved)
            return {subject, Health::Ok, HealthWords::tr("Names are looked up by systemd-resolved."), {}};
        return {subject, Health::Bad, HealthWords::tr("resolv.conf points to systemd-resolved, which does not run."),
            HealthWords::tr("Use 'systemctl start systemd-resolved'.")};
    case ResolverKind::NetworkManager:
        return {subject, Health::Warning, HealthWords::tr("resolv.conf is written by NetworkManager."),
            HealthWords::tr("systemd-resolved can keep Home's names apart from the exit's; consider it.")};
    case ResolverKind::Resolvconf:
        return {subject, Health::Warning, HealthWords::tr("resolv.conf is written by resolvconf."),
            HealthWords::tr("systemd-resolved can keep Home's names apart from the exit's; consider it.")};
    case ResolverKind::File:
        return {subject, Health::Warning, HealthWords::tr("resolv.conf is a plain file."),
            HealthWords::tr("systemd-resolved can keep Home's names apart from the exit's; consider it.")};
    case ResolverKind::None:
        break;
    }
    return {subject, Health::Bad, HealthWords::tr("resolv.conf names no server: no name can be looked up."),
        HealthWords::tr("Connect to a network, or write a nameserver into /etc/resolv.conf.")};
}

Finding othersFinding(const SystemFacts &system)
{
    QStringList seen;
    for (const QString &interface : system.interfaces) {
        if (const QString program = programOf(interface); !program.isEmpty())
            seen += u"%1 (%2)"_s.arg(program, interface);
    }
    if (seen.isEmpty())
        return {u"other VPNs"_s, Health::Ok, HealthWords::tr("No other VPN is seen."), {}};
    return {u"other VPNs"_s, Health::Warning, HealthWords::tr("There is also %1.").arg(seen.join(u", "_s)),
        HealthWords::tr("Two exits cannot be on at once; leave only one of them on.")};
}

std::vector<Finding> conflictFindings(const Snapshot &snapshot)
{
    std::vector<Finding> findings;
    for (const Conflict &conflict : snapshot.conflicts)
        findings.push_back({u"conflict"_s, Health::Warning, conflict.who + u": "_s + conflict.what, conflict.advice});
    if (snapshot.lastError)
        findings.push_back({u"last error"_s, Health::Bad, told(*snapshot.lastError), {}});
    return findings;
}

/// What the helper saw in the kernel.
std::vector<Finding> foundFindings(const Found &found)
{
    std::vector<Finding> findings;
    const auto list = [](const QStringList &phrases) { return phrases.join(u"; "_s) + u'.'; };
    if (!found.ours.isEmpty())
        findings.push_back({u"ours"_s, Health::Ok, HealthWords::tr("In the kernel: %1").arg(list(found.ours)), {}});
    if (!found.others.isEmpty())
        findings.push_back({u"others"_s, Health::Ok, HealthWords::tr("In the kernel: %1").arg(list(found.others)), {}});
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
        HealthWords::tr("Switched %1: %2.").arg(enabled ? u"on"_s : u"off"_s, state),
        fine ? QString() : HealthWords::tr("See 'sally status'.")};
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

bool hasBad(const std::vector<Finding> &findings)
{
    return std::ranges::any_of(findings, [](const Finding &each) { return each.health == Health::Bad; });
}

} // namespace sallyport
