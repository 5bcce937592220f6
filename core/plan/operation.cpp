// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/operation.h"

#include "core/ports/kernel.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString describe(const Route &route)
{
    const QString kind = route.kind == Route::Kind::Throw ? u"throw "_s
        : route.kind == Route::Kind::Unreachable          ? u"unreachable "_s
                                                          : QString();
    const QString device = route.device.isEmpty() ? QString() : QString(u" dev "_s + route.device);
    return u"%1%2%3 table %4"_s.arg(kind, route.destination.toCidr(), device).arg(route.table);
}

QString describe(const Rule &rule)
{
    const QString mark = rule.mark == 0 ? QString() : u" fwmark 0x%1"_s.arg(rule.mark, 0, 16);
    const QString action = rule.action == Rule::Action::Lookup ? u"lookup %1"_s.arg(rule.table) : u"unreachable"_s;
    return u"%1 pref %2%3 %4"_s.arg(rule.family == Family::IPv4 ? u"IPv4"_s : u"IPv6"_s)
        .arg(rule.preference)
        .arg(mark, action);
}

} // namespace

QString describe(const Operation &operation)
{
    return std::visit<QString>(
        Overloaded{
            [](const CreateLink &op) { return u"create link "_s + op.name; },
            [](const DeleteLink &op) { return u"delete link "_s + op.name; },
            [](const SetLinkUp &op) { return u"set link %1 up"_s.arg(op.name); },
            [](const SetLinkMtu &op) { return u"set link %1 mtu %2"_s.arg(op.name).arg(op.mtu); },
            [](const ConfigureWireGuard &op) { return u"configure %1 (%2 peers)"_s.arg(op.link).arg(op.peers.size()); },
            [](const AddAddress &op) { return u"add address %1 dev %2"_s.arg(op.address.toString(), op.link); },
            [](const DeleteAddress &op) { return u"delete address %1 dev %2"_s.arg(op.address.toString(), op.link); },
            [](const PutRoute &op) { return u"put route "_s + describe(op.route); },
            [](const DeleteRoute &op) { return u"delete route "_s + describe(op.route); },
            [](const AddRule &op) { return u"add rule "_s + describe(op.rule); },
            [](const DeleteRule &op) { return u"delete rule "_s + describe(op.rule); },
            [](const ReplaceTable &op) { return u"replace nftables table "_s + op.table.name; },
            [](const DeleteTable &op) { return u"delete nftables table "_s + op.name; },
            [](const ForgetUnresolvedNeighbours &) { return u"drop packets that wait for a neighbour's answer"_s; },
            [](const WriteSetting &op) { return u"set %1 to %2"_s.arg(op.setting.path, op.setting.value); },
            [](const RestoreSetting &op) { return u"restore "_s + op.path; },
            [](const WriteBootGuard &op) {
                return op.text.isEmpty() ? u"remove the guard of the next boot"_s
                                         : u"write the guard of the next boot"_s;
            },
            [](const WriteDns &op) { return u"ask names through %1 links"_s.arg(op.dns.size()); },
            [](const WriteHosts &op) { return u"write %1 lines to the hosts file"_s.arg(op.hosts.size()); },
        },
        operation);
}

Result<Done> run(const std::vector<Operation> &operations, Kernel &kernel)
{
    for (const Operation &operation : operations) {
        if (auto step = kernel.execute(operation); !step)
            return Error{step.error().code, step.error().detail, describe(operation)};
    }
    return Done{};
}

} // namespace sallyport
