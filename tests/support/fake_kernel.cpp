// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_kernel.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error errnoError(const QString &text)
{
    return {Errc::KernelRefused, text, {}};
}

template<class T, class Same>
Result<Done> addOnce(std::vector<T> &list, const T &value, Same same)
{
    if (std::ranges::any_of(list, same))
        return errnoError(u"File exists"_s);
    list.push_back(value);
    std::ranges::sort(list);
    return Done{};
}

template<class T>
Result<Done> removeOnce(std::vector<T> &list, const T &value)
{
    const auto found = std::ranges::find(list, value);
    if (found == list.end())
        return errnoError(u"No such object"_s);
    list.erase(found);
    return Done{};
}

/// The tests name a secret by its text; the kernel would hold the key itself.
SecretDigest digestOf(const QString &name)
{
    SecretDigest digest;
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256);
    std::copy_n(hash.begin(), name.isEmpty() ? 0 : digest.bytes.size(), digest.bytes.begin());
    return digest;
}

PublicKey keyOf(const QString &name)
{
    PublicKey key;
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256);
    std::copy_n(hash.begin(), key.bytes.size(), key.bytes.begin());
    return key;
}

void giveTo(ObservedLink &link, const PublicKey &owner, const std::vector<Prefix> &prefixes)
{
    for (ObservedPeer &peer : link.peers) {
        if (peer.peer.publicKey != owner)
            std::erase_if(peer.peer.allowedIps, [&](const Prefix &each) { return std::ranges::count(prefixes, each) > 0; });
    }
}

void change(ObservedLink &link, const PeerChange &change)
{
    auto found = std::ranges::find_if(
        link.peers, [&](const ObservedPeer &peer) { return peer.peer.publicKey == change.publicKey; });
    if (change.remove) {
        if (found != link.peers.end())
            link.peers.erase(found);
        return;
    }
    if (found == link.peers.end()) {
        if (change.updateOnly)
            return;
        ObservedPeer peer;
        peer.peer.publicKey = change.publicKey;
        found = link.peers.insert(link.peers.end(), peer);
    }
    Peer &peer = found->peer;
    if (change.presharedKeyName)
        peer.presharedKey = digestOf(*change.presharedKeyName);
    if (change.endpoint)
        peer.endpoint = change.endpoint;
    if (change.persistentKeepalive)
        peer.persistentKeepalive = *change.persistentKeepalive;
    if (change.allowedIps) {
        peer.allowedIps = *change.allowedIps;
        giveTo(link, change.publicKey, *change.allowedIps);
    }
    std::ranges::sort(link.peers, {}, [](const ObservedPeer &each) { return each.peer.publicKey; });
}

} // namespace

ObservedLink *FakeKernel::link(const QString &name)
{
    const auto found = std::ranges::find(state.links, name, &ObservedLink::name);
    return found == state.links.end() ? nullptr : &*found;
}

Result<Done> FakeKernel::execute(const Operation &operation)
{
    log.push_back(operation);
    if (refuseAt && executed++ == *refuseAt)
        return errnoError(u"Operation not permitted"_s);
    return apply(operation);
}

Result<Done> FakeKernel::configure(const ConfigureWireGuard &op)
{
    ObservedLink *target = link(op.link);
    if (!target)
        return errnoError(u"No such device"_s);
    if (op.privateKeyName)
        target->publicKey = keyOf(*op.privateKeyName);
    target->listenPort = op.listenPort.value_or(target->listenPort);
    target->mark = op.mark.value_or(target->mark);
    if (op.replacePeers)
        target->peers.clear();
    for (const PeerChange &peer : op.peers)
        change(*target, peer);
    return Done{};
}

Result<Done> FakeKernel::apply(const Operation &operation)
{
    const auto withLink = [this](const QString &name, auto work) -> Result<Done> {
        ObservedLink *found = link(name);
        return found ? Result<Done>(work(*found)) : errnoError(u"No such device"_s);
    };
    return std::visit<Result<Done>>(
        Overloaded{
            [&](const CreateLink &op) -> Result<Done> {
                if (link(op.name))
                    return Error{Errc::NameTaken, u"taken"_s, {}};
                state.links.push_back({op.name, true, Backend::Kernel, false, 1420, {}, {}, 0, 0, {}});
                return Done{};
            },
            [&](const DeleteLink &op) {
                std::erase_if(state.routes, [&](const Route &route) { return route.device == op.name; });
                return std::erase_if(state.links, [&](const auto &each) { return each.name == op.name; }) == 1
                    ? Result<Done>(Done{})
                    : errnoError(u"No such device"_s);
            },
            [&](const SetLinkUp &op) { return withLink(op.name, [](auto &l) { l.up = true; return Done{}; }); },
            [&](const SetLinkMtu &op) { return withLink(op.name, [&](auto &l) { l.mtu = op.mtu; return Done{}; }); },
            [&](const ConfigureWireGuard &op) { return configure(op); },
            [&](const AddAddress &op) {
                return withLink(op.link, [&](ObservedLink &l) -> Result<Done> {
                    return addOnce(l.addresses, op.address, [&](const auto &each) { return each == op.address; });
                });
            },
            [&](const DeleteAddress &op) {
                return withLink(op.link, [&](ObservedLink &l) { return removeOnce(l.addresses, op.address); });
            },
            [&](const PutRoute &op) -> Result<Done> {
                const ObservedLink *target = link(op.route.device);
                if (op.route.kind == Route::Kind::Unicast && !(target && target->up))
                    return errnoError(u"Network is down"_s);
                std::erase_if(state.routes, [&](const Route &each) {
                    return each.family == op.route.family && each.table == op.route.table
                        && each.destination == op.route.destination && each.metric == op.route.metric;
                });
                state.routes.push_back(op.route);
                return Done{};
            },
            [&](const DeleteRoute &op) { return removeOnce(state.routes, op.route); },
            [&](const AddRule &op) {
                return addOnce(state.rules, op.rule, [&](const Rule &each) { return each == op.rule; });
            },
            [&](const DeleteRule &op) { return removeOnce(state.rules, op.rule); },
            [&](const ReplaceTable &op) -> Result<Done> {
                std::erase_if(state.tables, [&](const auto &each) { return each.name == op.table.name; });
                state.tables.push_back({op.table.name, op.table.version});
                return Done{};
            },
            [&](const DeleteTable &op) -> Result<Done> {
                std::erase_if(state.tables, [&](const auto &each) { return each.name == op.name; });
                return Done{};
            },
            [&](const WriteSetting &op) -> Result<Done> {
                std::erase_if(state.settings, [&](const auto &each) { return each.setting.path == op.setting.path; });
                state.settings.push_back({op.setting, true});
                return Done{};
            },
            [&](const RestoreSetting &op) -> Result<Done> {
                std::erase_if(state.settings, [&](const auto &each) { return each.setting.path == op.path; });
                return Done{};
            },
            [&](const WriteHosts &op) -> Result<Done> {
                state.hosts = op.hosts;
                return Done{};
            },
        },
        operation);
}

std::optional<Fate> FakeKernel::lookup(quint32 table, const IpAddress &destination) const
{
    if (table == kMainTable)
        return state.uplinks.empty() ? std::nullopt : std::optional(Fate::Uplink);
    const Route *best = nullptr;
    for (const Route &route : state.routes) {
        if (route.table != table || !route.destination.contains(destination))
            continue;
        const bool better = !best || route.destination.length() > best->destination.length()
            || (route.destination.length() == best->destination.length() && route.metric < best->metric);
        best = better ? &route : best;
    }
    if (!best || best->kind == Route::Kind::Throw)
        return std::nullopt;
    if (best->kind == Route::Kind::Unreachable)
        return Fate::Refused;
    return best->device == QLatin1String(kHomeLink) ? Fate::HomeTunnel : Fate::ExitTunnel;
}

Fate FakeKernel::route(const IpAddress &destination, quint32 mark) const
{
    std::vector<Rule> rules = state.rules;
    std::ranges::stable_sort(rules, {}, &Rule::preference);
    for (const Rule &rule : rules) {
        if (rule.family != destination.family() || (rule.mark != 0 && rule.mark != (mark & kMarkMask)))
            continue;
        if (rule.action == Rule::Action::Unreachable)
            return Fate::Refused;
        if (const auto fate = lookup(rule.table, destination))
            return *fate;
    }
    return lookup(kMainTable, destination).value_or(Fate::Refused);
}

} // namespace sallyport
