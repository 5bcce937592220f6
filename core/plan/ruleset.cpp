// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/ruleset.h"

#include <QByteArrayList>
#include <QCryptographicHash>

namespace sallyport {

namespace {

QByteArray hex(quint32 value)
{
    return "0x" + QByteArray::number(value, 16).rightJustified(8, '0');
}

QByteArray ofOurMark(quint32 mark)
{
    return "meta mark & " + hex(kMarkMask) + " == " + hex(mark);
}

QByteArray addressSet(const char *name, const char *type, Family family, const PlumbingFacts &facts)
{
    QByteArrayList elements;
    for (const IpAddress &address : facts.tunnelAddresses) {
        if (address.family() == family)
            elements += address.toString().toLatin1();
    }
    const QByteArray body
        = elements.isEmpty() ? QByteArray() : QByteArray(" elements = { " + elements.join(", ") + " }");
    return QByteArray("  set ") + name + " { type " + type + ";" + body + "\n  }\n";
}

/// Priority -145: after wg-quick's unconditional restore (-150), before firewalld's rpfilter (-140).
QByteArray markChains()
{
    QByteArray save = "  chain save { type route hook output priority -145; policy accept;\n";
    QByteArray restore = "  chain restore { type filter hook prerouting priority -145; policy accept;\n"
                         "    iifname @tunnels return\n";
    for (const quint32 mark : kMarks) {
        save += "    " + ofOurMark(mark) + " ct mark set ct mark & " + hex(~kMarkMask) + " | " + hex(mark) + "\n";
        restore += "    ct mark & " + hex(kMarkMask) + " == " + hex(mark) + " meta mark set meta mark & "
            + hex(~kMarkMask) + " | " + hex(mark) + "\n";
    }
    return save + "  }\n" + restore + "  }\n";
}

QByteArray body(const PlumbingFacts &facts)
{
    return QByteArray("  set tunnels { type ifname; elements = { \"") + kHomeLink + "\", \"" + kExitLink + "\" }\n  }\n"
        + addressSet("tunnel_addresses4", "ipv4_addr", Family::IPv4, facts)
        + addressSet("tunnel_addresses6", "ipv6_addr", Family::IPv6, facts)
        // Exact addresses only: dropping whole ranges bricked machines (tailscale#12828).
        + "  chain spoof { type filter hook prerouting priority -310; policy accept;\n"
          "    iifname \"lo\" accept\n"
          "    iifname @tunnels accept\n"
          "    ip daddr @tunnel_addresses4 fib saddr type != local counter drop\n"
          "    ip6 daddr @tunnel_addresses6 fib saddr type != local counter drop\n"
          "  }\n"
        + markChains()
        + "  chain mss { type filter hook forward priority -145; policy accept;\n"
          "    oifname @tunnels tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu\n"
          "    iifname @tunnels tcp flags & (syn|rst) == syn tcp option maxseg size set rt mtu\n"
          "  }\n";
}

} // namespace

Table plumbingTable(const PlumbingFacts &facts)
{
    const QByteArray content = body(facts);
    const QByteArray hash = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().first(16);
    Table table;
    table.name = QString::fromLatin1(kPlumbingTable);
    table.version = QString::fromLatin1("sallyport " + hash);
    table.text = QByteArray("table inet ") + kPlumbingTable + " {\n  comment \"" + table.version.toLatin1() + "\"\n"
        + content + "}\n";
    return table;
}

} // namespace sallyport
