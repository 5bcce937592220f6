// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/pin_table.h"

#include "core/plan/table_text.h"

namespace sallyport {

namespace {

QByteArray numberText(quint32 value)
{
    return QByteArray::number(value);
}

QByteArray wordOf(Family family)
{
    return family == Family::IPv4 ? "ip" : "ip6";
}

/// Each pin is one rule that looks before it writes and ends the chain, so that what it wrote is never taken for a
/// packet of another pin: two peers may change places, or be two ports of one address.
QByteArray lateRule(const Pin &pin)
{
    const QByteArray ip = wordOf(pin.from.address.family());
    QByteArray rule = "    ";
    if (pin.from.scopeId != 0)
        rule += "meta iif " + numberText(pin.from.scopeId) + ' ';
    rule += ip + " saddr " + pin.from.address.toString().toLatin1() + " udp sport " + numberText(pin.from.port)
        + " udp dport " + numberText(pin.listenPort);
    if (!pin.to)
        return rule + " drop\n";
    if (pin.local)
        rule += ' ' + ip + " daddr set " + pin.local->toString().toLatin1();
    if (pin.to->address != pin.from.address)
        rule += ' ' + ip + " saddr set " + pin.to->address.toString().toLatin1();
    if (pin.to->port != pin.from.port)
        rule += " udp sport set " + numberText(pin.to->port);
    return rule + " accept\n";
}

/// The mark tells WireGuard's packets from those of a program that has the luck of its port.
QByteArray carryRule(const Pin &pin)
{
    const bool isIPv4 = pin.from.address.family() == Family::IPv4;
    const QByteArray ip = wordOf(pin.from.address.family());
    QByteArray rule = "    " + ofMark(kHomeMark) + ' ';
    if (pin.from.scopeId != 0)
        rule += "meta oif " + numberText(pin.from.scopeId) + ' ';
    return rule + ip + " daddr " + pin.from.address.toString().toLatin1() + " udp sport " + numberText(pin.listenPort)
        + " udp dport " + numberText(pin.from.port) + ' ' + ip + " daddr set " + (isIPv4 ? "127.0.0.1" : "::1")
        + " udp dport set " + numberText(*pin.carrier) + " accept\n";
}

} // namespace

Table pinTable(const std::vector<Pin> &pins)
{
    QByteArray late;
    QByteArray carried;
    for (const Pin &pin : pins)
        pin.carrier ? carried += carryRule(pin) : late += lateRule(pin);
    QByteArray body = "  chain late { type filter hook input priority 300; policy accept;\n" + late + "  }\n";
    // Of this type the kernel asks for the way again when the destination has changed.
    if (!carried.isEmpty())
        body += "  chain carried { type route hook output priority -150; policy accept;\n" + carried + "  }\n";
    return tableOf(kPinTable, body);
}

} // namespace sallyport
