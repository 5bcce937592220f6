// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/pin_table.h"

#include "core/plan/table_text.h"

namespace sallyport {

namespace {

QByteArray numberText(quint32 value)
{
    return QByteArray::number(value);
}

/// Each pin is one rule that looks before it writes and ends the chain, so that what it wrote is never taken for a
/// packet of another pin: two peers may change places, or be two ports of one address.
QByteArray ruleOf(const Pin &pin)
{
    const QByteArray ip = pin.from.address.family() == Family::IPv4 ? "ip" : "ip6";
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

} // namespace

Table pinTable(const std::vector<Pin> &pins)
{
    QByteArray body = "  chain late { type filter hook input priority 300; policy accept;\n";
    for (const Pin &pin : pins)
        body += ruleOf(pin);
    return tableOf(kPinTable, body + "  }\n");
}

} // namespace sallyport
