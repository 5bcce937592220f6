// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/nft/foreign_tables.h"

#include "core/constants.h"
#include "helper/kernel/netlink/attributes.h"

#include <QtEndian>

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

namespace sallyport::nft {

using namespace Qt::StringLiterals;
using netlink::Bytes;
using netlink::Message;

namespace {

constexpr std::size_t kMostTables = 64;
constexpr qsizetype kMostChains = 64;
/// Both of our interfaces start with it, and so does a rule with a wildcard for them.
constexpr QByteArrayView kOurLinks = "sally-";
/// Chains by whose names a program can be told: tailscaled's, Docker's, ufw's, libvirt's, NetBird's.
constexpr std::array kTellingPrefixes = {"ts-", "DOCKER", "ufw", "LIBVIRT_", "NETBIRD"};

struct FamilyWord {
    quint8 number;
    const char *word;
};
constexpr std::array kFamilyWords
    = {FamilyWord{NFPROTO_INET, "inet"}, FamilyWord{NFPROTO_IPV4, "ip"}, FamilyWord{NFPROTO_ARP, "arp"},
        FamilyWord{NFPROTO_NETDEV, "netdev"}, FamilyWord{NFPROTO_BRIDGE, "bridge"}, FamilyWord{NFPROTO_IPV6, "ip6"}};

QString wordOf(quint8 family)
{
    const auto found = std::ranges::find(kFamilyWords, family, &FamilyWord::number);
    return found == kFamilyWords.end() ? QString::number(family) : QString::fromLatin1(found->word);
}

quint8 numberOf(const QString &word)
{
    const auto found = std::ranges::find_if(
        kFamilyWords, [&](const FamilyWord &each) { return word == QLatin1StringView(each.word); });
    return found == kFamilyWords.end() ? quint8(NFPROTO_UNSPEC) : found->number;
}

/// "Nothing there", and the ways in which a kernel without nftables says so.
bool saysNone(int errorNumber)
{
    constexpr std::array kNone = {ENOENT, EOPNOTSUPP, EINVAL, EPROTONOSUPPORT, EAFNOSUPPORT};
    return std::ranges::count(kNone, errorNumber) > 0;
}

bool isOurs(const ForeignTable &table)
{
    constexpr std::array kOurs = {kPlumbingTable, kGuardTable, kPinTable, kActivityTable};
    return table.family == u"inet"_s
        && std::ranges::any_of(kOurs, [&](const char *name) { return table.name == QLatin1StringView(name); });
}

bool isTelling(const QString &chain)
{
    return std::ranges::any_of(
        kTellingPrefixes, [&](const char *prefix) { return chain.startsWith(QLatin1StringView(prefix)); });
}

template<class Visit>
void visitNamed(const nlmsghdr *message, Visit &&visit)
{
    netlink::visitAttributes(netlink::attributesAfter<nfgenmsg>(netlink::payloadOf(message)), visit);
}

quint8 familyIn(const nlmsghdr *message)
{
    const auto header = netlink::fixedHeader<nfgenmsg>(netlink::payloadOf(message));
    return header ? header->nfgen_family : quint8(NFPROTO_UNSPEC);
}

quint32 bigEndian(Bytes value)
{
    return qFromBigEndian(netlink::valueOf<quint32>(value));
}

struct Chain {
    QString family;
    QString table;
    QString name;
    std::optional<quint32> hook;
    bool drops = false;
};

Chain chainIn(const nlmsghdr *message)
{
    Chain chain;
    chain.family = wordOf(familyIn(message));
    visitNamed(message, [&](int type, Bytes value) {
        if (type == NFTA_CHAIN_TABLE)
            chain.table = netlink::textOf(value);
        else if (type == NFTA_CHAIN_NAME)
            chain.name = netlink::textOf(value);
        else if (type == NFTA_CHAIN_POLICY)
            chain.drops = bigEndian(value) == NF_DROP;
        else if (type == NFTA_CHAIN_HOOK)
            netlink::visitAttributes(value, [&](int detail, Bytes number) {
                if (detail == NFTA_HOOK_HOOKNUM)
                    chain.hook = bigEndian(number);
            });
    });
    return chain;
}

int typeOf(int message)
{
    return (NFNL_SUBSYS_NFTABLES << 8) | message;
}

/// Only the tables whose last word may hit ours are searched for rules about us.
bool mayRefuse(const ForeignTable &table)
{
    return table.dropsInput || table.dropsForward || table.name == u"firewalld"_s;
}

} // namespace

Result<std::optional<quint32>> ForeignTables::generation()
{
    Message request(typeOf(NFT_MSG_GETGEN), 0);
    request.append(nfgenmsg{});
    std::optional<quint32> number;
    const netlink::Socket::Visit visit = [&](const nlmsghdr *message) {
        visitNamed(message, [&](int type, Bytes value) {
            if (type == NFTA_GEN_ID)
                number = bigEndian(value);
        });
    };
    const Answer answer = m_socket.ask(request, visit);
    if (saysNone(answer.errorNumber))
        return std::optional<quint32>{};
    if (Result<Done> done = answer.toResult(u"Asking nftables for its generation"_s); !done)
        return done.error();
    return number;
}

Result<Done> ForeignTables::readTables()
{
    Message request(typeOf(NFT_MSG_GETTABLE), 0);
    request.append(nfgenmsg{});
    const Answer answer = m_socket.dump(
        request, [&] { m_tables.clear(); },
        [&](const nlmsghdr *message) {
            ForeignTable table;
            table.family = wordOf(familyIn(message));
            visitNamed(message, [&](int type, Bytes value) {
                if (type == NFTA_TABLE_NAME)
                    table.name = netlink::textOf(value);
            });
            if (!isOurs(table) && m_tables.size() < kMostTables)
                m_tables.push_back(std::move(table));
        });
    return answer.toResult(u"Listing the nftables tables"_s);
}

Result<Done> ForeignTables::readChains()
{
    const auto visit = [&](const nlmsghdr *message) {
        const Chain chain = chainIn(message);
        const auto table = std::ranges::find_if(m_tables,
            [&](const ForeignTable &each) { return each.family == chain.family && each.name == chain.table; });
        if (table == m_tables.end())
            return;
        table->dropsInput = table->dropsInput || (chain.drops && chain.hook == NF_INET_LOCAL_IN);
        table->dropsForward = table->dropsForward || (chain.drops && chain.hook == NF_INET_FORWARD);
        if ((chain.hook || isTelling(chain.name)) && table->chains.size() < kMostChains)
            table->chains += chain.name;
    };
    const auto restart = [&] {
        for (ForeignTable &table : m_tables)
            table = {table.family, table.name, {}, false, false, false};
    };
    Message request(typeOf(NFT_MSG_GETCHAIN), 0);
    request.append(nfgenmsg{});
    return m_socket.dump(request, restart, visit).toResult(u"Listing the nftables chains"_s);
}

/// The expressions are not taken apart: a comparison with an interface's name has the name in it, as plain bytes.
Result<Done> ForeignTables::readRules(ForeignTable &table)
{
    Message request(typeOf(NFT_MSG_GETRULE), 0);
    request.append(nfgenmsg{numberOf(table.family), NFNETLINK_V0, 0}).putText(NFTA_RULE_TABLE, table.name);
    const auto visit = [&](const nlmsghdr *message) {
        visitNamed(message, [&](int type, Bytes value) {
            const QByteArrayView bytes(value.data(), static_cast<qsizetype>(value.size()));
            if (type == NFTA_RULE_EXPRESSIONS && bytes.contains(kOurLinks))
                table.namesUs = true;
        });
    };
    const Answer answer = m_socket.dump(
        request, [] {}, visit);
    return saysNone(answer.errorNumber) ? Result<Done>(Done{}) : answer.toResult(u"Listing nftables rules"_s);
}

Result<std::vector<ForeignTable>> ForeignTables::observe()
{
    const auto now = generation();
    if (!now)
        return now.error();
    if (!*now)
        return std::vector<ForeignTable>{};
    if (*now == m_generation)
        return m_tables;
    m_generation.reset();
    if (Result<Done> done = readTables(); !done)
        return done.error();
    if (Result<Done> done = readChains(); !done)
        return done.error();
    for (ForeignTable &table : m_tables) {
        table.chains.sort();
        if (Result<Done> done = mayRefuse(table) ? readRules(table) : Done{}; !done)
            return done.error();
    }
    std::ranges::sort(m_tables, {}, [](const ForeignTable &each) { return std::pair(each.family, each.name); });
    m_generation = *now;
    return m_tables;
}

} // namespace sallyport::nft
