// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/ruleset.h"

#include "core/plan/table_text.h"

namespace sallyport {

namespace {

QByteArray addressSet(const char *name, const char *type, Family family, const PlumbingFacts &facts)
{
    QByteArrayList elements;
    for (const IpAddress &address : facts.tunnelAddresses) {
        if (address.family() == family)
            elements += address.toString().toLatin1();
    }
    return setText(name, type, elements);
}

QByteArray markWith(quint32 mark)
{
    return "meta mark set meta mark & " + hexText(~kMarkMask) + " | " + hexText(mark) + "\n";
}

/// Reverse path filters ask by which way an answer would leave. To a device of home that calls, or a DHCP server, it would be
/// by the exit's table, which is another link or refuses everything.
QByteArray marksOfCallers(const PlumbingFacts &facts)
{
    QByteArray rules = "    udp sport 67 udp dport 68 fib daddr type != unicast " + markWith(kControlMark);
    if (facts.homePort != 0)
        rules += "    udp dport " + QByteArray::number(facts.homePort) + " fib daddr type local " + markWith(kHomeMark);
    return rules;
}

/// Priority -145: after wg-quick's unconditional restore (-150), before firewalld's rpfilter (-140).
QByteArray markChains(const PlumbingFacts &facts)
{
    QByteArray save = "  chain save { type route hook output priority -145; policy accept;\n";
    QByteArray restore = "  chain restore { type filter hook prerouting priority -145; policy accept;\n"
                         "    iifname @tunnels return\n";
    for (const quint32 mark : kMarks) {
        save += "    " + ofMark(mark) + " ct mark set ct mark & " + hexText(~kMarkMask) + " | " + hexText(mark) + "\n";
        restore += "    ct mark & " + hexText(kMarkMask) + " == " + hexText(mark) + " " + markWith(mark);
    }
    return save + "  }\n" + restore + marksOfCallers(facts) + "  }\n";
}

QByteArray body(const PlumbingFacts &facts)
{
    return tunnelSet() + addressSet("tunnel_addresses4", "type ipv4_addr;", Family::IPv4, facts)
        + addressSet("tunnel_addresses6", "type ipv6_addr;", Family::IPv6, facts)
        // Exact addresses only: dropping whole ranges bricked machines (tailscale#12828).
        + "  chain spoof { type filter hook prerouting priority -310; policy accept;\n"
          "    iifname \"lo\" accept\n"
          "    iifname @tunnels accept\n"
          "    ip daddr @tunnel_addresses4 fib saddr type != local counter drop\n"
          "    ip6 daddr @tunnel_addresses6 fib saddr type != local counter drop\n"
          "  }\n"
        + markChains(facts)
        + "  chain mss { type filter hook forward priority -145; policy accept;\n"
          "    oifname @tunnels tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu\n"
          "    iifname @tunnels tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu\n"
          "  }\n";
}

} // namespace

Table plumbingTable(const PlumbingFacts &facts)
{
    return tableOf(kPlumbingTable, body(facts));
}

} // namespace sallyport
