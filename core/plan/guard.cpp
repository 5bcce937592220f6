// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/guard.h"

#include "core/plan/local_networks.h"
#include "core/plan/table_text.h"

#include <algorithm>

namespace sallyport {

namespace {

/// tailscaled marks its own encrypted packets so (plumbing.md section 2.1).
constexpr char kTailscaleLink[] = "tailscale0";
constexpr char kTailscaleMark[] = "meta mark & 0x00ff0000 == 0x00080000";
/// What may be reached through links of other programs. Public destinations there would bypass the exit.
constexpr char kPrivate4[] = "10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, 224.0.0.0/4, "
                             "255.255.255.255";
constexpr char kPrivate6[] = "fc00::/7, fe80::/10, ff00::/8";
/// Multicast that stays on the network (RFC 5771 section 4 and 10, RFC 7346), and broadcast.
constexpr char kMulticast4[] = "224.0.0.0/24, 239.0.0.0/8, 255.255.255.255";
constexpr char kMulticast6[] = "ff02::/16, ff05::/16";
constexpr char kLinkLocal6[] = "fe80::/10";

QByteArrayList lanElements(Family family, const GuardFacts &facts)
{
    QByteArrayList elements;
    if (!facts.allowLan || facts.around.uplinks.empty())
        return elements;
    for (const Prefix &network : allowedLans(facts.around.uplinks)) {
        if (network.family() == family)
            elements += network.toCidr().toLatin1();
    }
    if (family == Family::IPv6)
        elements += kLinkLocal6;
    return elements;
}

/// What is meant for a local network comes from an address in it. Right after a move, the networks that were left are still
/// here, and the gateway of the new one would be asked for their hosts.
QByteArray toLocalNetworks(const GuardFacts &facts)
{
    if (!facts.allowLan || facts.around.uplinks.empty())
        return {};
    QByteArray rules;
    for (const Uplink &uplink : facts.around.uplinks) {
        for (const Prefix &network : allowedLans({uplink})) {
            const QByteArray family = network.family() == Family::IPv4 ? " ip " : " ip6 ";
            const QByteArray name = network.toCidr().toLatin1();
            rules += "    oifname " + quoted(uplink.name) + family + "saddr " + name + family + "daddr " + name
                + " accept\n";
        }
    }
    const QByteArray physical = "    oifname @uplinks ";
    return rules + physical + "ip6 saddr " + kLinkLocal6 + " ip6 daddr " + kLinkLocal6 + " accept\n" + physical
        + "ip daddr { " + kMulticast4 + " } accept\n" + physical + "ip6 daddr { " + kMulticast6 + " } accept\n";
}

QByteArray sets(const GuardFacts &facts)
{
    QByteArrayList uplinks;
    QByteArrayList others;
    for (const Uplink &uplink : facts.around.uplinks)
        uplinks += quoted(uplink.name);
    for (const VirtualLink &link : facts.around.virtualLinks)
        others += quoted(link.name);
    return setText("uplinks", "type ifname;", uplinks) + setText("others", "type ifname;", others)
        + setText("lan4", "type ipv4_addr; flags interval; auto-merge;", lanElements(Family::IPv4, facts))
        + setText("lan6", "type ipv6_addr; flags interval; auto-merge;", lanElements(Family::IPv6, facts))
        + setText("private4", "type ipv4_addr; flags interval;", {kPrivate4})
        + setText("private6", "type ipv6_addr; flags interval;", {kPrivate6});
}

/// What a machine needs to join a network: DHCP (RFC 2131, RFC 8415), neighbours and routers (RFC 4861, only with hop
/// limit 255, which no router forwards), multicast listeners (RFC 3810).
QByteArray joining()
{
    return "  chain joining_out {\n"
           "    ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept\n"
           "    ip6 saddr fe80::/10 udp sport 546 ip6 daddr { ff02::1:2, ff05::1:3 } udp dport 547 accept\n"
           "    icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept\n"
           "    icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } ip6 hoplimit 1 accept\n"
           "  }\n"
           "  chain joining_in {\n"
           "    udp sport 67 udp dport 68 accept\n"
           "    ip6 saddr fe80::/10 udp sport 547 ip6 daddr fe80::/10 udp dport 546 accept\n"
           "    ip6 saddr fe80::/10 icmpv6 type { nd-router-advert, nd-redirect } ip6 hoplimit 255 accept\n"
           "    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept\n"
           "    ip6 saddr fe80::/10 icmpv6 type mld-listener-query ip6 hoplimit 1 accept\n"
           "  }\n";
}

bool hasTailscale(const GuardFacts &facts)
{
    return std::ranges::any_of(
        facts.around.virtualLinks, [](const VirtualLink &link) { return link.name == QLatin1String(kTailscaleLink); });
}

/// Encrypted packets: ours by mark and physical link, and nothing else that carries our marks, so that two tunnels
/// never ride in each other without end (plumbing.md section 1 no. 2).
QByteArray underlay(const GuardFacts &facts)
{
    QByteArray rules;
    if (facts.server) {
        const bool isIPv4 = facts.server->address.family() == Family::IPv4;
        rules += "    oifname @uplinks " + ofMark(kExitMark) + (isIPv4 ? " ip daddr " : " ip6 daddr ")
            + facts.server->address.toString().toLatin1() + " udp dport " + QByteArray::number(facts.server->port)
            + " accept\n";
    }
    if (facts.homeCarries) {
        const QByteArray port
            = facts.homePort == 0 ? QByteArray("meta l4proto udp") : "udp sport " + QByteArray::number(facts.homePort);
        rules += "    oifname @uplinks " + ofMark(kHomeMark) + " " + port + " accept\n";
    }
    for (const quint32 mark : kMarks)
        rules += "    " + ofMark(mark) + " counter drop\n";
    return rules;
}

/// Resolvers of this network see every name that is asked of them, so they come before the local network
/// (MLLVD-CR-24, mozilla-vpn-client: the other order leaked).
QByteArray names(const GuardFacts &facts, const char *where)
{
    if (facts.networkDns)
        return {};
    const QByteArray match = QByteArray("    ") + where;
    return match + " tcp dport { 53, 853 } counter reject with tcp reset\n" + match
        + " udp dport { 53, 853 } counter reject\n";
}

QByteArray output(const GuardFacts &facts)
{
    QByteArray rules = "  chain out { type filter hook output priority 10; policy drop;\n"
                       "    oifname \"lo\" accept\n"
        + underlay(facts)
        + "    jump joining_out\n"
          "    oifname @tunnels accept\n"
          "    oifname @others ip daddr @private4 accept\n"
          "    oifname @others ip6 daddr @private6 accept\n";
    if (hasTailscale(facts))
        rules += QByteArray("    oifname @uplinks ") + kTailscaleMark + " accept\n";
    return rules + names(facts, "oifname @uplinks") + toLocalNetworks(facts)
        + "    counter reject with icmpx type admin-prohibited\n"
          "  }\n";
}

QByteArray input(const GuardFacts &facts)
{
    QByteArray rules = "  chain in { type filter hook input priority 10; policy drop;\n"
                       "    iifname \"lo\" accept\n"
                       "    ct state established,related accept\n"
                       "    jump joining_in\n"
                       "    iifname \""
        + QByteArray(kHomeLink)
        + "\" accept\n"
          "    iifname @others accept\n";
    if (facts.homeCarries && facts.homePort != 0)
        rules += "    iifname @uplinks udp dport " + QByteArray::number(facts.homePort) + " accept\n";
    return rules
        + "    iifname @uplinks ip saddr @lan4 accept\n"
          "    iifname @uplinks ip6 saddr @lan6 accept\n"
          "    counter drop\n"
          "  }\n";
}

/// Containers, virtual machines and devices behind this one leave by the exit or not at all.
QByteArray forward(const GuardFacts &facts)
{
    return "  chain forwarded { type filter hook forward priority 10; policy drop;\n"
           "    oifname @tunnels accept\n"
           "    iifname @tunnels ct state established,related accept\n"
           "    iifname @others oifname @others accept\n"
        + names(facts, "oifname @uplinks")
        + "    iifname @others oifname @uplinks ip daddr @lan4 accept\n"
          "    iifname @others oifname @uplinks ip6 daddr @lan6 accept\n"
          "    iifname @uplinks oifname @others ip saddr @lan4 accept\n"
          "    iifname @uplinks oifname @others ip6 saddr @lan6 accept\n"
          "    iifname \""
        + QByteArray(kHomeLink)
        + "\" oifname @uplinks ip daddr @lan4 accept\n"
          "    iifname \""
        + QByteArray(kHomeLink)
        + "\" oifname @uplinks ip6 daddr @lan6 accept\n"
          "    counter reject with icmpx type admin-prohibited\n"
          "  }\n";
}

} // namespace

Table guardTable(const GuardFacts &facts)
{
    return tableOf(kGuardTable, tunnelSet() + sets(facts) + joining() + output(facts) + input(facts) + forward(facts));
}

QByteArray bootGuardText(const GuardFacts &facts)
{
    const QByteArray name = QByteArray("table inet ") + kGuardTable + "\n";
    return "# Written by Sallyport. Loaded before any network while Exit or lockdown is on; `sally unlock` removes "
           "it.\n"
        + name + "delete " + name + guardTable(facts).text;
}

} // namespace sallyport
