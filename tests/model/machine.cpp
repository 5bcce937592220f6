// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/machine.h"

#include "tests/model/nft_reader.h"

#include <QCryptographicHash>

#include <algorithm>

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

Error refused(const QString &why)
{
    return {Errc::KernelRefused, why, {}};
}

Surroundings surroundingsOf(const Ground &ground)
{
    Surroundings around;
    for (const GroundLink &link : ground.links) {
        const bool leads = std::ranges::any_of(ground.routes,
            [&](const Route &route) { return route.device == link.name && route.destination.length() == 0; });
        if (link.isPhysical) {
            around.uplinks.push_back({link.name, 1500, leads, link.addresses});
            continue;
        }
        VirtualLink other{link.name, {}};
        for (const InterfaceAddress &own : link.addresses)
            other.networks.push_back(own.network());
        around.virtualLinks.push_back(std::move(other));
    }
    return around;
}

void change(ObservedLink &link, const PeerChange &change)
{
    auto peer = std::ranges::find_if(
        link.peers, [&](const ObservedPeer &each) { return each.peer.publicKey == change.publicKey; });
    if (peer == link.peers.end()) {
        if (change.remove || change.updateOnly)
            return;
        ObservedPeer fresh;
        fresh.peer.publicKey = change.publicKey;
        peer = link.peers.insert(link.peers.end(), fresh);
    } else if (change.remove) {
        link.peers.erase(peer);
        return;
    }
    if (change.presharedKeyName)
        peer->peer.presharedKey
            = change.presharedKeyName->isEmpty() ? SecretDigest{} : digestOf(*change.presharedKeyName);
    if (change.endpoint)
        peer->peer.endpoint = change.endpoint;
    if (change.persistentKeepalive)
        peer->peer.persistentKeepalive = *change.persistentKeepalive;
    if (change.allowedIps) {
        // A prefix belongs to one peer; whoever asks last has it.
        for (ObservedPeer &other : link.peers)
            std::erase_if(other.peer.allowedIps,
                [&](const Prefix &prefix) { return std::ranges::count(*change.allowedIps, prefix) > 0; });
        peer->peer.allowedIps = *change.allowedIps;
        std::ranges::sort(peer->peer.allowedIps);
    }
    std::ranges::sort(link.peers, {}, [](const ObservedPeer &each) { return each.peer.publicKey; });
}

bool sameSlot(const Route &one, const Route &other)
{
    return one.family == other.family && one.table == other.table && one.destination == other.destination
        && one.metric == other.metric;
}

} // namespace

PublicKey publicKeyOf(const QString &secret)
{
    PublicKey key;
    const QByteArray hash = QCryptographicHash::hash(secret.toUtf8(), QCryptographicHash::Sha256);
    std::copy_n(hash.begin(), key.bytes.size(), key.bytes.begin());
    return key;
}

SecretDigest digestOf(const QString &secret)
{
    SecretDigest digest;
    const PublicKey key = publicKeyOf(secret);
    std::copy_n(key.bytes.begin(), digest.bytes.size(), digest.bytes.begin());
    return digest;
}

Result<std::shared_ptr<const nft::Table>> ReadTables::read(const QByteArray &text)
{
    const auto known = m_known.find(text);
    if (known != m_known.end())
        return known->second;
    auto table = nft::read(text);
    if (!table)
        return table.error();
    return m_known.emplace(text, std::make_shared<const nft::Table>(*std::move(table))).first->second;
}

Machine::Machine(Ground ground, std::shared_ptr<ReadTables> tables) : m_tables(std::move(tables))
{
    m_state.dnsWay = DnsWay::Resolved;
    moveTo(ground);
}

void Machine::moveTo(const Ground &ground)
{
    for (const GroundLink &link : m_ground.links) {
        if (std::ranges::find(ground.links, link.name, &GroundLink::name) == ground.links.end())
            std::erase_if(m_state.routes, [&](const Route &route) { return route.device == link.name; });
    }
    m_ground = ground;
    static_cast<Surroundings &>(m_state) = surroundingsOf(ground);
}

ObservedLink *Machine::find(const QString &name)
{
    const auto found = std::ranges::find(m_state.links, name, &ObservedLink::name);
    return found == m_state.links.end() ? nullptr : &*found;
}

void Machine::vanish(const QString &link)
{
    std::erase_if(m_state.links, [&](const ObservedLink &each) { return each.name == link; });
    std::erase_if(m_state.routes, [&](const Route &each) { return each.device == link; });
    std::erase_if(m_state.dns, [&](const LinkDns &each) { return each.link == link; }); // systemd-resolved forgets it
    std::erase_if(
        m_state.settings, [&](const ObservedSetting &each) { return each.setting.path.contains(u'/' + link + u'/'); });
}

Result<Done> Machine::apply(const Operation &operation)
{
    return std::visit([this](const auto &each) { return change(each); }, operation);
}

Result<Done> Machine::change(const CreateLink &operation)
{
    if (!find(operation.name))
        m_state.links.push_back({operation.name, true, Backend::Kernel, false, kMaximumMtu, {}, {}, 0, 0, {}});
    std::ranges::sort(m_state.links, {}, &ObservedLink::name);
    return Done{};
}

Result<Done> Machine::change(const DeleteLink &operation)
{
    vanish(operation.name);
    return Done{};
}

Result<Done> Machine::change(const SetLinkUp &operation)
{
    ObservedLink *link = find(operation.name);
    if (!link)
        return refused(u"No such device"_s);
    link->up = true;
    if (link->listenPort == 0)
        link->listenPort = 41000; // the kernel takes any that is free
    return Done{};
}

Result<Done> Machine::change(const SetLinkMtu &operation)
{
    ObservedLink *link = find(operation.name);
    if (!link)
        return refused(u"No such device"_s);
    link->mtu = operation.mtu;
    return Done{};
}

Result<Done> Machine::change(const ConfigureWireGuard &operation)
{
    ObservedLink *link = find(operation.link);
    if (!link)
        return refused(u"No such device"_s);
    if (operation.privateKeyName)
        link->publicKey = publicKeyOf(*operation.privateKeyName);
    link->listenPort = operation.listenPort.value_or(link->listenPort);
    link->mark = operation.mark.value_or(link->mark);
    if (operation.replacePeers)
        link->peers.clear();
    for (const PeerChange &peer : operation.peers)
        model::change(*link, peer);
    return Done{};
}

Result<Done> Machine::change(const AddAddress &operation)
{
    ObservedLink *link = find(operation.link);
    if (!link || std::ranges::count(link->addresses, operation.address) > 0)
        return refused(u"No such device, or the address is there"_s);
    link->addresses.push_back(operation.address);
    std::ranges::sort(link->addresses);
    return Done{};
}

Result<Done> Machine::change(const DeleteAddress &operation)
{
    ObservedLink *link = find(operation.link);
    if (!link || std::erase(link->addresses, operation.address) == 0)
        return refused(u"Cannot assign requested address"_s);
    const Family family = operation.address.address.family();
    // With the last address of IPv4 goes everything that IPv4 had on the link (fib_disable_ip).
    const bool isLast = family == Family::IPv4
        && std::ranges::none_of(
            link->addresses, [&](const InterfaceAddress &each) { return each.address.family() == family; });
    std::erase_if(m_state.routes, [&](const Route &route) {
        return route.source == operation.address.address
            || (isLast && route.family == family && route.device == operation.link);
    });
    return Done{};
}

Result<Done> Machine::change(const PutRoute &operation)
{
    if (operation.route.kind == Route::Kind::Unicast) {
        const ObservedLink *link = find(operation.route.device);
        const bool isGround
            = std::ranges::find(m_ground.links, operation.route.device, &GroundLink::name) != m_ground.links.end();
        if (!isGround && (!link || !link->up))
            return refused(u"Network is down"_s);
    }
    std::erase_if(m_state.routes, [&](const Route &each) { return sameSlot(each, operation.route); });
    m_state.routes.push_back(operation.route);
    std::ranges::sort(m_state.routes);
    return Done{};
}

Result<Done> Machine::change(const DeleteRoute &operation)
{
    std::erase(m_state.routes, operation.route);
    return Done{};
}

Result<Done> Machine::change(const AddRule &operation)
{
    if (std::ranges::count(m_state.rules, operation.rule) > 0)
        return refused(u"File exists"_s);
    m_state.rules.push_back(operation.rule);
    std::ranges::sort(m_state.rules);
    return Done{};
}

Result<Done> Machine::change(const DeleteRule &operation)
{
    std::erase(m_state.rules, operation.rule);
    return Done{};
}

Result<Done> Machine::change(const ReplaceTable &operation)
{
    auto table = m_tables->read(operation.table.text);
    if (!table)
        return table.error();
    if ((*table)->name != operation.table.name.toLatin1())
        return refused(u"the text is of another table"_s);
    std::erase_if(m_state.tables, [&](const ObservedTable &each) { return each.name == operation.table.name; });
    m_state.tables.push_back({operation.table.name, QString::fromLatin1((*table)->comment)});
    m_filter.put(*table);
    return Done{};
}

Result<Done> Machine::change(const DeleteTable &operation)
{
    std::erase_if(m_state.tables, [&](const ObservedTable &each) { return each.name == operation.name; });
    m_filter.remove(operation.name.toLatin1());
    return Done{};
}

Result<Done> Machine::change(const WriteSetting &operation)
{
    std::erase_if(
        m_state.settings, [&](const ObservedSetting &each) { return each.setting.path == operation.setting.path; });
    m_state.settings.push_back({operation.setting, true});
    return Done{};
}

Result<Done> Machine::change(const RestoreSetting &operation)
{
    std::erase_if(m_state.settings, [&](const ObservedSetting &each) { return each.setting.path == operation.path; });
    return Done{};
}

Result<Done> Machine::change(const WriteHosts &operation)
{
    m_state.hosts = operation.hosts;
    return Done{};
}

Result<Done> Machine::change(const WriteBootGuard &operation)
{
    m_state.bootGuard = operation.text;
    return Done{};
}

Result<Done> Machine::change(const WriteDns &operation)
{
    m_state.dns = operation.dns;
    return Done{};
}

} // namespace sallyport::model
