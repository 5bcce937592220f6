// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/linux_kernel.h"

#include "core/plan/quiet_neighbour.h"
#include "helper/files/replace_file.h"
#include "helper/kernel/netlink/route_lookup.h"
#include "helper/kernel/netlink/uplinks.h"

#include <algorithm>
#include <cerrno>
#include <linux/if.h>

namespace sallyport {

using namespace Qt::StringLiterals;
using netlink::Link;
using netlink::LinkAddress;
using netlink::nameTaken;

namespace {

constexpr char16_t kWireGuardKind[] = u"wireguard";
constexpr char16_t kTunKind[] = u"tun";
constexpr qsizetype kLargestBootGuard = qsizetype(256) * 1024;

const QStringList &linkNames()
{
    static const QStringList names = {QLatin1StringView(kHomeLink), QLatin1StringView(kExitLink)};
    return names;
}

std::optional<Backend> backendOfKind(const QString &kind)
{
    if (kind == kWireGuardKind)
        return Backend::Kernel;
    if (kind == kTunKind)
        return Backend::Userspace;
    return std::nullopt;
}

} // namespace

LinuxKernel::LinuxKernel(const Secrets &secrets, Paths paths)
    : m_paths(std::move(paths)), m_socket(NETLINK_ROUTE), m_links(m_socket), m_linkRemover(m_links),
      m_addresses(m_socket), m_routes(m_socket), m_rules(m_socket), m_neighbours(m_socket), m_others(m_socket),
      m_kernelWireGuard(secrets), m_uapiWireGuard(secrets, m_paths.wireguardSockets),
      m_userspaceDevice(m_links, m_paths), m_sysctl(m_paths.sysctlRoot, m_paths.settingsJournal), m_hosts(m_paths.hosts)
{
    for (const QString &path : {m_paths.hosts, m_paths.settingsJournal, m_paths.bootGuard})
        sweepBeside(path);
}

Result<Done> LinuxKernel::execute(const Operation &operation)
{
    return std::visit(Overloaded{
                          [&](const CreateLink &op) { return createLink(op.name); },
                          [&](const DeleteLink &op) { return deleteLink(op.name); },
                          [&](const SetLinkUp &op) { return m_links.setUp(op.name); },
                          [&](const SetLinkMtu &op) { return m_links.setMtu(op.name, op.mtu); },
                          [&](const ConfigureWireGuard &op) {
                              const auto backend = backendOf(op.link);
                              return backend ? (*backend)->set(op) : Result<Done>(backend.error());
                          },
                          [&](const AddAddress &op) { return m_addresses.add(op.link, op.address); },
                          [&](const DeleteAddress &op) { return m_addresses.remove(op.link, op.address); },
                          [&](const PutRoute &op) { return m_routes.put(op.route); },
                          [&](const DeleteRoute &op) { return m_routes.remove(op.route); },
                          [&](const AddRule &op) { return m_rules.add(op.rule); },
                          [&](const DeleteRule &op) { return m_rules.remove(op.rule); },
                          [&](const ReplaceTable &op) { return m_tables.replace(op.table); },
                          [&](const DeleteTable &op) { return m_tables.remove(op.name); },
                          [&](const ForgetUnresolvedNeighbours &) { return m_neighbours.forgetUnresolved(); },
                          [&](const WriteSetting &op) { return m_sysctl.write(op.setting); },
                          [&](const RestoreSetting &op) { return m_sysctl.restore(op.path); },
                          [&](const WriteBootGuard &op) { return writeBootGuard(op.text); },
                          [](const WriteDns &) {
                              return Result<Done>(Error{Errc::FeatureMissing, u"The kernel knows no names."_s, {}});
                          },
                          [&](const WriteHosts &op) { return m_hosts.write(op.hosts); },
                      },
        operation);
}

Result<Done> LinuxKernel::createLink(const QString &name)
{
    Answer answer = m_links.createWireGuard(name);
    if (answer.errorNumber == EEXIST) {
        const Result<bool> kept = keepServedLink(name);
        if (!kept)
            return kept.error();
        if (*kept)
            return Done{};
        answer = m_links.createWireGuard(name);
    }
    if (answer.errorNumber == EOPNOTSUPP) {
        m_backends[name] = Backend::Userspace;
        return m_userspaceDevice.create(name);
    }
    m_backends[name] = Backend::Kernel;
    return answer.toResult(u"Making the WireGuard interface "_s + name);
}

Result<bool> LinuxKernel::keepServedLink(const QString &name)
{
    const Result<std::optional<Link>> present = m_links.find(name);
    if (!present)
        return present.error();
    if (!*present)
        return false;
    if ((*present)->group != kLinkGroup || !backendOfKind((*present)->kind))
        return nameTaken(name);
    const Result<ObservedLink> observed = observeLink(**present, {});
    if (!observed)
        return observed.error();
    if (observed->ours)
        return true;
    if (Result<Done> removed = m_userspaceDevice.remove(**present); !removed)
        return removed.error();
    return false;
}

Result<Done> LinuxKernel::writeBootGuard(const QByteArray &text)
{
    if (text.isEmpty())
        return removeFile(m_paths.bootGuard);
    // The answer of one kernel to one text does not change, and most requests bring the text of the time before.
    if (text != m_acceptedBootGuard) {
        if (Result<Done> accepted = m_tables.check(text, u"Checking the guard of the next boot"_s); !accepted)
            return accepted;
        m_acceptedBootGuard = text;
    }
    return replaceFile(m_paths.bootGuard, text, 0600);
}

Result<Done> LinuxKernel::deleteLink(const QString &name)
{
    m_backends.erase(name);
    const Result<std::optional<Link>> present = m_links.find(name);
    if (!present)
        return present.error();
    if (!*present)
        return Done{};
    if ((*present)->group != kLinkGroup)
        return nameTaken(name);
    return (*present)->kind == kTunKind ? m_userspaceDevice.remove(**present) : m_linkRemover.remove(**present);
}

Result<wireguard::WireGuardPort *> LinuxKernel::backendOf(const QString &link)
{
    auto known = m_backends.find(link);
    if (known == m_backends.end()) {
        const Result<std::optional<Link>> present = m_links.find(link);
        if (!present)
            return present.error();
        const auto backend
            = *present && (*present)->group == kLinkGroup ? backendOfKind((*present)->kind) : std::nullopt;
        if (!backend)
            return *present ? nameTaken(link) : systemError(u"Setting the WireGuard device "_s + link, ENODEV);
        known = m_backends.emplace(link, *backend).first;
    }
    switch (known->second) {
    case Backend::Kernel:
        return &m_kernelWireGuard;
    case Backend::Userspace:
        return &m_uapiWireGuard;
    }
    Q_UNREACHABLE();
}

Result<std::optional<wireguard::Device>> LinuxKernel::wireGuard(const QString &link)
{
    const auto backend = backendOf(link);
    if (!backend)
        return backend.error();
    return (*backend)->get(link);
}

Result<ObservedLink> LinuxKernel::observeLink(const Link &link, const std::vector<LinkAddress> &addresses)
{
    ObservedLink observed;
    observed.name = link.name;
    observed.index = link.index;
    observed.up = (link.flags & IFF_UP) != 0;
    observed.mtu = link.mtu;
    for (const LinkAddress &address : addresses) {
        if (address.link == link.index)
            observed.addresses.push_back(address.address);
    }
    const std::optional<Backend> backend = backendOfKind(link.kind);
    if (link.group != kLinkGroup || !backend)
        return observed;
    m_backends[link.name] = *backend;
    wireguard::WireGuardPort &port = *backend == Backend::Kernel
        ? static_cast<wireguard::WireGuardPort &>(m_kernelWireGuard)
        : static_cast<wireguard::WireGuardPort &>(m_uapiWireGuard);
    Result<std::optional<wireguard::Device>> device = port.get(link.name);
    if (!device)
        return device.error();
    observed.backend = *backend;
    observed.ours = device->has_value();
    if (wireguard::Device *present = *device ? &**device : nullptr) {
        observed.publicKey = present->publicKey;
        observed.listenPort = present->listenPort;
        observed.mark = present->mark;
        observed.peers = std::move(present->peers);
    }
    return observed;
}

QStringList LinuxKernel::settingsOf(const ObservedState &state) const
{
    QStringList paths = {u"ipv4/conf/all/src_valid_mark"_s, u"ipv6/fwmark_reflect"_s};
    for (const Setting &setting : quietNeighbours(state.uplinks))
        paths += setting.path;
    for (const ObservedLink &link : state.links) {
        if (link.ours)
            paths += {u"ipv4/conf/%1/rp_filter"_s.arg(link.name), u"ipv4/conf/%1/promote_secondaries"_s.arg(link.name)};
    }
    return paths;
}

Result<ObservedState> LinuxKernel::observeRest(ObservedState state, const netlink::LinkNames &names)
{
    auto routes = m_routes.ours(names);
    if (!routes)
        return routes.error();
    auto rules = m_rules.ours();
    if (!rules)
        return rules.error();
    auto tables = m_tables.observe({QLatin1StringView(kPlumbingTable), QLatin1StringView(kGuardTable)});
    if (!tables)
        return tables.error();
    auto settings = m_sysctl.observe(settingsOf(state));
    if (!settings)
        return settings.error();
    auto hosts = m_hosts.read();
    if (!hosts)
        return hosts.error();
    state.routes = *std::move(routes);
    state.rules = *std::move(rules);
    state.tables = *std::move(tables);
    state.settings = *std::move(settings);
    state.hosts = *std::move(hosts);
    auto bootGuard = contentOf(m_paths.bootGuard, kLargestBootGuard);
    // A file that cannot be read is written anew.
    state.bootGuard = bootGuard ? *std::move(bootGuard) : QByteArray("unreadable");
    return state;
}

Result<ObservedState> LinuxKernel::observe()
{
    ObservedState state;
    const auto links = m_links.all();
    if (!links)
        return links.error();
    const auto addresses = m_addresses.all();
    if (!addresses)
        return addresses.error();
    for (const Link &link : *links) {
        if (!linkNames().contains(link.name))
            continue;
        Result<ObservedLink> observed = observeLink(link, *addresses);
        if (!observed)
            return observed.error();
        state.links.push_back(*std::move(observed));
    }
    std::ranges::sort(state.links, {}, &ObservedLink::name);
    const auto defaults = m_routes.defaultRoutes();
    if (!defaults)
        return defaults.error();
    state.uplinks = netlink::uplinksAmong(*links, *addresses, *defaults);
    state.virtualLinks = netlink::virtualLinksAmong(*links, *addresses);
    auto paths = netlink::underlayPaths(m_socket, state.links, *links);
    if (!paths)
        return paths.error();
    state.paths = *std::move(paths);
    auto rest = observeRest(std::move(state), netlink::namesOf(*links));
    if (!rest)
        return rest;
    auto others = m_others.read(*links, *rest);
    if (!others)
        return others.error();
    rest->others = *std::move(others);
    return rest;
}

} // namespace sallyport
