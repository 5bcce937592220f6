// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/sample_others.h"

#include <algorithm>

namespace sallyport::sample {

using namespace Qt::StringLiterals;

namespace {

template<class T>
void append(std::vector<T> &to, const std::vector<T> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

ForeignRule lookup(Family family, quint32 preference, quint32 table)
{
    ForeignRule rule;
    rule.family = family;
    rule.preference = preference;
    rule.table = table;
    return rule;
}

/// `not fwmark M lookup T` and `lookup main suppress_prefixlength 0`, with the suppressor at `suppressor`.
void addInverted(Others &others, quint32 preference, quint32 suppressor, quint32 mark, quint32 table)
{
    for (const Family family : kFamilies) {
        ForeignRule everything = lookup(family, preference, table);
        everything.mark = mark;
        everything.mask = 0xffffffff;
        everything.inverted = true;
        ForeignRule main = lookup(family, suppressor, kMainTable);
        main.suppressPrefixLength = 0;
        others.rules.push_back(everything);
        others.rules.push_back(main);
    }
}

void addDefault(Others &others, quint32 table, const QString &device)
{
    for (const Family family : kFamilies)
        others.defaults.push_back({family, table, device});
}

ForeignTable table(const QString &family, const QString &name, const QStringList &chains)
{
    ForeignTable value;
    value.family = family;
    value.name = name;
    value.chains = chains;
    return value;
}

} // namespace

Others together(Others first, const Others &second)
{
    append(first.rules, second.rules);
    append(first.defaults, second.defaults);
    append(first.links, second.links);
    append(first.tables, second.tables);
    append(first.answers, second.answers);
    first.networkdDeletesRules = first.networkdDeletesRules || second.networkdDeletesRules;
    std::ranges::stable_sort(first.rules, {}, &ForeignRule::preference);
    return first;
}

Others kernelItself()
{
    Others others;
    for (const Family family : kFamilies) {
        others.rules.push_back(lookup(family, 0, 255));
        others.rules.push_back(lookup(family, 32766, kMainTable));
    }
    others.rules.push_back(lookup(Family::IPv4, 32767, 253));
    for (ForeignRule &rule : others.rules)
        rule.protocol = 2;
    return others;
}

Others wgQuick(quint32 preference, const QString &device, quint32 table)
{
    Others others;
    addInverted(others, preference, preference - 1, table, table);
    addDefault(others, table, device);
    others.links.push_back({device, u"wireguard"_s});
    for (const QString &family : {u"ip"_s, u"ip6"_s})
        others.tables.push_back(sample::table(family, u"wg-quick-"_s + device, {u"premangle"_s, u"preraw"_s}));
    return others;
}

Others networkManager(const QString &device)
{
    Others others;
    addInverted(others, 31555, 31554, 51917, 51917);
    addDefault(others, 51917, device);
    others.links.push_back({device, u"wireguard"_s});
    return others;
}

Others mullvad(quint32 preference)
{
    Others others;
    addInverted(others, preference, preference - 1, 0x6d6f6c65, 0x6d6f6c65);
    addDefault(others, 0x6d6f6c65, u"wg0-mullvad"_s);
    others.links.push_back({u"wg0-mullvad"_s, u"wireguard"_s});
    ForeignTable filter = table(u"inet"_s, u"mullvad"_s, {u"forward"_s, u"input"_s, u"output"_s});
    filter.dropsInput = filter.dropsForward = true;
    others.tables.push_back(filter);
    return others;
}

Others tailscale(bool exitNode)
{
    Others others;
    for (const Family family : kFamilies) {
        for (const auto &[preference, target] : {std::pair{5210u, kMainTable}, {5230u, 253u}, {5250u, 0u}}) {
            ForeignRule rule = lookup(family, preference, target);
            rule.mark = 0x80000;
            rule.mask = 0xff0000;
            if (target == 0)
                rule.action = ForeignRule::Action::Refuse;
            others.rules.push_back(rule);
        }
        others.rules.push_back(lookup(family, 5270, 52));
    }
    if (exitNode)
        addDefault(others, 52, u"tailscale0"_s);
    others.links.push_back({u"tailscale0"_s, u"tun"_s});
    others.tables.push_back(table(u"ip"_s, u"filter"_s, {u"FORWARD"_s, u"INPUT"_s, u"ts-forward"_s, u"ts-input"_s}));
    return others;
}

Others netbird(bool exitNode)
{
    Others others;
    addInverted(others, 110, 105, 0x1bd00, 7120);
    if (exitNode)
        addDefault(others, 7120, u"wt0"_s);
    others.links.push_back({u"wt0"_s, u"wireguard"_s});
    return others;
}

Others firewalld(bool trustsHome)
{
    Others others;
    others.tables.push_back(table(u"inet"_s, u"firewalld"_s, {u"filter_INPUT"_s}));
    others.tables.back().namesUs = trustsHome;
    return others;
}

Others ufw(bool allowsHome)
{
    Others others;
    others.tables.push_back(table(u"ip"_s, u"filter"_s, {u"INPUT"_s, u"ufw-before-input"_s}));
    others.tables.back().dropsInput = others.tables.back().dropsForward = true;
    others.tables.back().namesUs = allowsHome;
    return others;
}

Others docker(bool letsHomePass)
{
    Others others;
    others.links.push_back({u"docker0"_s, u"bridge"_s});
    others.tables.push_back(table(u"ip"_s, u"filter"_s, {u"DOCKER"_s, u"DOCKER-USER"_s, u"FORWARD"_s}));
    others.tables.back().dropsForward = true;
    others.tables.back().namesUs = letsHomePass;
    return others;
}

} // namespace sallyport::sample
