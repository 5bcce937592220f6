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

QByteArray hashOf(const QString &name)
{
    return QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha256);
}

void giveTo(ObservedLink &link, const PublicKey &owner, const std::vector<Prefix> &prefixes)
{
    for (ObservedPeer &peer : link.peers) {
        if (peer.peer.publicKey != owner)
            std::erase_if(
                peer.peer.allowedIps, [&](const Prefix &each) { return std::ranges::count(prefixes, each) > 0; });
    }
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
    if (refuseAlways || (refuseAt && executed++ == *refuseAt))
        return errnoError(u"Operation not permitted"_s);
    return std::visit([this](const auto &op) { return apply(op); }, operation);
}

SecretDigest FakeKernel::digestOf(const QString &name) const
{
    const SecretKey *secret = secrets ? secrets->find(name) : nullptr;
    SecretDigest digest = secret ? secret->digest() : SecretDigest{};
    if (!secret && !name.isEmpty())
        std::copy_n(hashOf(name).cbegin(), digest.bytes.size(), digest.bytes.begin());
    return digest;
}

PublicKey FakeKernel::keyOf(const QString &name) const
{
    const SecretKey *secret = secrets ? secrets->find(name) : nullptr;
    PublicKey key = secret ? secret->publicKey() : PublicKey{};
    if (!secret)
        std::copy_n(hashOf(name).cbegin(), key.bytes.size(), key.bytes.begin());
    return key;
}

void FakeKernel::change(ObservedLink &link, const PeerChange &change) const
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

template<class Work>
Result<Done> FakeKernel::withLink(const QString &name, Work work)
{
    ObservedLink *found = link(name);
    if (!found)
        return errnoError(u"No such device"_s);
    return work(*found);
}

Result<Done> FakeKernel::apply(const CreateLink &op)
{
    if (link(op.name))
        return Error{Errc::NameTaken, u"taken"_s, {}};
    state.links.push_back({op.name, true, Backend::Kernel, false, 1420, {}, {}, 0, 0, {}});
    return Done{};
}

Result<Done> FakeKernel::apply(const DeleteLink &op)
{
    std::erase_if(state.routes, [&](const Route &route) { return route.device == op.name; });
    if (std::erase_if(state.links, [&](const ObservedLink &each) { return each.name == op.name; }) == 0)
        return errnoError(u"No such device"_s);
    return Done{};
}

Result<Done> FakeKernel::apply(const SetLinkUp &op)
{
    return withLink(op.name, [](ObservedLink &found) {
        found.up = true;
        return Done{};
    });
}

Result<Done> FakeKernel::apply(const SetLinkMtu &op)
{
    return withLink(op.name, [&](ObservedLink &found) {
        found.mtu = op.mtu;
        return Done{};
    });
}

Result<Done> FakeKernel::apply(const ConfigureWireGuard &op)
{
    return withLink(op.link, [&](ObservedLink &found) {
        if (op.privateKeyName)
            found.publicKey = keyOf(*op.privateKeyName);
        found.listenPort = op.listenPort.value_or(found.listenPort);
        found.mark = op.mark.value_or(found.mark);
        if (op.replacePeers)
            found.peers.clear();
        for (const PeerChange &peer : op.peers)
            change(found, peer);
        return Done{};
    });
}

Result<Done> FakeKernel::apply(const AddAddress &op)
{
    return withLink(op.link, [&](ObservedLink &found) {
        return addOnce(found.addresses, op.address, [&](const auto &each) { return each == op.address; });
    });
}

Result<Done> FakeKernel::apply(const DeleteAddress &op)
{
    return withLink(op.link, [&](ObservedLink &found) { return removeOnce(found.addresses, op.address); });
}

Result<Done> FakeKernel::apply(const PutRoute &op)
{
    const ObservedLink *target = link(op.route.device);
    const bool isUplink = std::ranges::find(state.uplinks, op.route.device, &Uplink::name) != state.uplinks.end();
    if (op.route.kind == Route::Kind::Unicast && !(target && target->up) && !isUplink)
        return errnoError(u"Network is down"_s);
    std::erase_if(state.routes, [&](const Route &each) {
        return each.family == op.route.family && each.table == op.route.table
            && each.destination == op.route.destination && each.metric == op.route.metric;
    });
    state.routes.push_back(op.route);
    return Done{};
}

Result<Done> FakeKernel::apply(const DeleteRoute &op)
{
    return removeOnce(state.routes, op.route);
}

Result<Done> FakeKernel::apply(const AddRule &op)
{
    return addOnce(state.rules, op.rule, [&](const Rule &each) { return each == op.rule; });
}

Result<Done> FakeKernel::apply(const DeleteRule &op)
{
    return removeOnce(state.rules, op.rule);
}

Result<Done> FakeKernel::apply(const ReplaceTable &op)
{
    (void)apply(DeleteTable{op.table.name});
    state.tables.push_back({op.table.name, op.table.version});
    return Done{};
}

Result<Done> FakeKernel::apply(const DeleteTable &op)
{
    std::erase_if(state.tables, [&](const ObservedTable &each) { return each.name == op.name; });
    return Done{};
}

Result<Done> FakeKernel::apply(const WriteSetting &op)
{
    (void)apply(RestoreSetting{op.setting.path});
    state.settings.push_back({op.setting, true});
    return Done{};
}

Result<Done> FakeKernel::apply(const RestoreSetting &op)
{
    std::erase_if(state.settings, [&](const ObservedSetting &each) { return each.setting.path == op.path; });
    return Done{};
}

Result<Done> FakeKernel::apply(const WriteHosts &op)
{
    if (hostsAreReadOnly)
        return errnoError(u"Read-only file system"_s);
    state.hosts = op.hosts;
    return Done{};
}

Result<Done> FakeKernel::apply(const WriteBootGuard &op)
{
    state.bootGuard = op.text;
    return Done{};
}

Result<Done> FakeKernel::apply(const WriteDns &op)
{
    if (resolverRefuses)
        return errnoError(u"Operation not permitted"_s);
    for (const LinkDns &each : op.dns) {
        if (!link(each.link))
            return errnoError(u"No such device"_s);
    }
    state.dns = op.dns;
    return Done{};
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
        if (!rule.inputDevice.isEmpty()) // for what others send through this machine
            continue;
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
