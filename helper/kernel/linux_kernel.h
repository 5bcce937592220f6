// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/kernel.h"
#include "helper/kernel/hosts/hosts_file.h"
#include "helper/kernel/netlink/addresses.h"
#include "helper/kernel/netlink/link_remover.h"
#include "helper/kernel/netlink/neighbours.h"
#include "helper/kernel/netlink/routes.h"
#include "helper/kernel/netlink/rules.h"
#include "helper/kernel/nft/tables.h"
#include "helper/kernel/others/others_reader.h"
#include "helper/kernel/paths.h"
#include "helper/kernel/settings/sysctl.h"
#include "helper/kernel/wireguard/kernel_wireguard.h"
#include "helper/kernel/wireguard/uapi_wireguard.h"
#include "helper/kernel/wireguard/userspace_device.h"

namespace sallyport {

/// The kernel that we run on, in the network namespace of the thread that uses it first. Needs CAP_NET_ADMIN there.
/// Requests are bounded by one second; dumps, changes of WireGuard and the making and deleting of links by five.
class LinuxKernel : public Kernel {
public:
    explicit LinuxKernel(const Secrets &secrets, Paths paths = {});

    Result<ObservedState> observe() override;
    Result<Done> execute(const Operation &operation) override;

    /// Somebody else touched our nftables table: what is in it counts as changed until it is replaced.
    void distrustTable(const QString &name) { m_tables.distrust(name); }
    /// What WireGuard itself says about a link of ours; empty: nobody serves it.
    Result<std::optional<wireguard::Device>> wireGuard(const QString &link);
    /// Both ways of having WireGuard; at most one of them serves a link.
    std::vector<wireguard::WireGuardPort *> wireGuardPorts() { return {&m_kernelWireGuard, &m_uapiWireGuard}; }
    nft::Tables &tables() { return m_tables; }
    /// The socket on which changes are made, for netlink::Monitor.
    const netlink::Socket &routeSocket() const { return m_socket; }
    /// The same for nft::TableMonitor.
    const netlink::Socket &tableSocket() const { return m_tables.socket(); }

private:
    Result<Done> createLink(const QString &name);
    /// True: the link is there, and is ours. False: it is gone, for nobody served it.
    Result<bool> keepServedLink(const QString &name);
    Result<Done> deleteLink(const QString &name);
    Result<Done> writeBootGuard(const QByteArray &text);
    Result<wireguard::WireGuardPort *> backendOf(const QString &link);
    /// Not `ours` when nobody serves it: it has to be made anew. A link of ours that cannot be read just now is an
    /// error, for what is not ours would be made anew too.
    Result<ObservedLink> observeLink(const netlink::Link &link, const std::vector<netlink::LinkAddress> &addresses);
    /// Adds everything but links and uplinks.
    Result<ObservedState> observeRest(ObservedState state, const netlink::LinkNames &names);
    QStringList settingsOf(const ObservedState &state) const;

    Paths m_paths;
    netlink::Socket m_socket;
    netlink::Links m_links;
    netlink::LinkRemover m_linkRemover;
    netlink::Addresses m_addresses;
    netlink::Routes m_routes;
    netlink::Rules m_rules;
    netlink::Neighbours m_neighbours;
    others::OthersReader m_others;
    wireguard::KernelWireGuard m_kernelWireGuard;
    wireguard::UapiWireGuard m_uapiWireGuard;
    wireguard::UserspaceDevice m_userspaceDevice;
    nft::Tables m_tables;
    settings::Sysctl m_sysctl;
    hosts::HostsFile m_hosts;
    std::map<QString, Backend> m_backends; ///< of our links, as last seen
    QByteArray m_acceptedBootGuard; ///< the last that the kernel would have taken
};

} // namespace sallyport
