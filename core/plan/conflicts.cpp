// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/conflicts.h"

#include "core/plan/programs.h"
#include "core/plan/seats.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString switchOff(const QString &who, const QString &device)
{
    if (who == u"Tailscale"_s)
        return u"Switch off its exit node (tailscale set --exit-node=), or Exit."_s;
    if (who == u"Mullvad app"_s)
        return u"Disconnect it (mullvad disconnect), or switch Exit off."_s;
    if (who == u"NetBird"_s)
        return u"Deselect its exit node (netbird networks deselect), or switch Exit off."_s;
    if (who.startsWith(u"wg-quick"_s))
        return u"Bring it down (wg-quick down %1), or switch Exit off."_s.arg(device);
    if (who.startsWith(u"NetworkManager"_s))
        return u"Disconnect it (nmcli device disconnect %1), or switch Exit off."_s.arg(device);
    return u"Switch it off, or Exit."_s;
}

QString nameOf(const QString &device)
{
    const QString program = programOf(device);
    return program.isEmpty() ? u"Another program (%1)"_s.arg(device) : u"%1 (%2)"_s.arg(program, device);
}

QString word(Family family)
{
    return family == Family::IPv4 ? u"IPv4"_s : u"IPv6"_s;
}

/// Looks at one moment of one machine; lives for one call of conflictsOf.
class Judge {
public:
    Judge(const Configuration &configuration, const Intent &intent, const ObservedState &observed)
        : m_configuration(configuration), m_intent(intent), m_observed(observed), m_others(observed.others)
    {
    }

    std::vector<Conflict> conflicts();

private:
    void mullvad();
    void otherExits();
    void capturedUnderlay();
    void payloadElsewhere();
    void tailscale();
    void kernelRules();
    void networkd();
    void firewalld();
    void ufw();
    void docker();

    void add(const QString &who, const QString &what, const QString &advice);
    bool isUplink(const QString &device) const;
    QString deviceOf(const ForeignRule &rule) const;
    const ForeignRule *capturing(Family family, quint32 mark) const;
    bool leadsToTable(Family family, quint32 table) const;
    QString exitLink() const;
    bool isForwarding() const;

    const Configuration &m_configuration;
    const Intent &m_intent;
    const ObservedState &m_observed;
    const Others &m_others;
    std::vector<Conflict> m_conflicts;
};

std::vector<Conflict> Judge::conflicts()
{
    if (!m_intent.home && !m_intent.exit)
        return {};
    // What breaks most comes first, and is the one that is told of a program.
    mullvad();
    capturedUnderlay();
    otherExits();
    payloadElsewhere();
    kernelRules();
    tailscale();
    networkd();
    firewalld();
    ufw();
    docker();
    return std::move(m_conflicts);
}

void Judge::add(const QString &who, const QString &what, const QString &advice)
{
    if (std::ranges::find(m_conflicts, who, &Conflict::who) == m_conflicts.end())
        m_conflicts.push_back({who, what, advice});
}

bool Judge::isUplink(const QString &device) const
{
    return std::ranges::find(m_observed.uplinks, device, &Uplink::name) != m_observed.uplinks.end();
}

/// Where a rule leads to; empty: nowhere, or it refuses.
QString Judge::deviceOf(const ForeignRule &rule) const
{
    const auto found = std::ranges::find_if(m_others.defaults,
        [&](const ForeignDefault &each) { return each.family == rule.family && each.table == rule.table; });
    return found == m_others.defaults.end() ? QString() : found->device;
}

const ForeignRule *Judge::capturing(Family family, quint32 mark) const
{
    const auto found = std::ranges::find_if(m_others.rules, [&](const ForeignRule &rule) {
        return rule.family == family && captures(rule, mark, m_others, m_observed.uplinks);
    });
    return found == m_others.rules.end() ? nullptr : &*found;
}

/// Its output chain refuses whatever does not carry its own mark (plumbing.md section 3.2).
void Judge::mullvad()
{
    if (findTable(m_others, u"inet", u"mullvad"))
        add(u"Mullvad app"_s, u"its firewall stops every packet that is not its own, those of Home and Exit too."_s,
            u"Disconnect it and switch its lockdown mode off (mullvad disconnect)."_s);
}

void Judge::capturedUnderlay()
{
    for (const RouteAnswer &answer : m_others.answers) {
        if (answer.mark == 0 || answer.device.isEmpty() || isUplink(answer.device))
            continue;
        const ForeignRule *rule = capturing(answer.family, answer.mark);
        add(rule ? ownerOf(*rule, answer.device, m_others) : nameOf(answer.device),
            u"it takes Sallyport's encrypted packets into %1."_s.arg(answer.device),
            u"Switch it off while Home or Exit is on."_s);
    }
}

/// Two ways out at once: the rule that is asked first wins, and the other program does not work as it says.
void Judge::otherExits()
{
    if (!m_intent.exit)
        return;
    for (const ForeignRule &rule : m_others.rules) {
        if (!captures(rule, 0, m_others, m_observed.uplinks))
            continue;
        const QString device = deviceOf(rule);
        const QString owner = ownerOf(rule, device, m_others);
        const QString what = rule.preference < kExitPreference
            ? u"it takes everything before the exit is asked, and two exits cannot be on at once."_s
            : u"it is an exit too; Sallyport's comes first, and two exits cannot be on at once."_s;
        add(owner, what, switchOff(owner, device));
    }
}

QString Judge::exitLink() const
{
    const Exit *exit = findExit(m_configuration, m_intent.exitName);
    if (!m_intent.exit || !exit)
        return {};
    return QString::fromLatin1(std::holds_alternative<ProviderExit>(exit->way) ? kExitLink : kHomeLink);
}

/// Whatever the reason: the kernel's own answer is not the exit.
void Judge::payloadElsewhere()
{
    const QString exit = exitLink();
    if (exit.isEmpty())
        return;
    for (const RouteAnswer &answer : m_others.answers) {
        if (answer.mark != 0 || answer.device.isEmpty() || answer.device == exit || !m_conflicts.empty())
            continue;
        add(isUplink(answer.device) ? u"routing rules"_s : nameOf(answer.device),
            u"%1 packets to the internet are sent into %2 instead of the exit."_s.arg(
                word(answer.family), answer.device),
            u"See 'ip rule' for what stands before preference %1."_s.arg(kExitPreference));
    }
}

bool Judge::leadsToTable(Family family, quint32 table) const
{
    return std::ranges::any_of(m_others.rules, [&](const ForeignRule &rule) {
        return rule.family == family && rule.action == ForeignRule::Action::Lookup && rule.table == table
            && rule.mask == 0 && !rule.suppressPrefixLength && !rule.isNarrow && !rule.source && !rule.destination;
    });
}

/// networkd v255 lost them (systemd#41350), and so does `ip rule flush`.
void Judge::kernelRules()
{
    for (const Family family : kFamilies) {
        const bool present
            = std::ranges::any_of(m_others.rules, [&](const ForeignRule &rule) { return rule.family == family; });
        const QString command = family == Family::IPv4 ? u"ip rule"_s : u"ip -6 rule"_s;
        if (present && !leadsToTable(family, kMainTable))
            add(u"kernel rules"_s,
                u"the %1 rule for the main table is missing, so no network is found."_s.arg(word(family)),
                u"Add it again: %1 add pref 32766 lookup main."_s.arg(command));
        else if (present && family == Family::IPv4 && !leadsToTable(family, 253))
            add(u"kernel rules"_s, u"the IPv4 rule for the default table is missing."_s,
                u"Add it again: ip rule add pref 32767 lookup default."_s);
    }
}

/// tailscaled drops what comes from its range and not from its interface (tailscale#12828).
void Judge::tailscale()
{
    if (linkOf(m_others, u"tailscale").isEmpty())
        return;
    static const std::array ranges = {Prefix::parse(u"100.64.0.0/10"), Prefix::parse(u"fd7a:115c:a1e0::/48")};
    for (const auto &range : ranges) {
        const auto overlaps = [&](const InterfaceAddress &own) { return range->overlaps(own.network()); };
        if (m_intent.home && m_configuration.home && std::ranges::any_of(m_configuration.home->addresses, overlaps))
            add(u"Tailscale"_s,
                u"it drops what comes from %1 by another interface, and home lies in it."_s.arg(range->toString()),
                u"Give home addresses outside of %1."_s.arg(range->toString()));
    }
    const Exit *exit = findExit(m_configuration, m_intent.exitName);
    const auto *provider = exit ? std::get_if<ProviderExit>(&exit->way) : nullptr;
    if (!m_intent.exit || !provider)
        return;
    for (const IpAddress &resolver : provider->dns) {
        if (ranges.front()->contains(resolver))
            add(u"Tailscale"_s, u"it drops the answers of the exit's resolver %1."_s.arg(resolver.toString()),
                u"Give the exit a resolver outside of 100.64.0.0/10, for example 10.64.0.1 at Mullvad."_s);
    }
}

void Judge::networkd()
{
    if (m_others.networkdDeletesRules)
        add(u"systemd-networkd"_s, u"it deletes other programs' routing rules whenever it sets up a network."_s,
            u"Put ManageForeignRoutingPolicyRules=no below [Network] into /etc/systemd/networkd.conf.d/sallyport.conf."_s);
}

void Judge::firewalld()
{
    const ForeignTable *table = findTable(m_others, u"inet", u"firewalld");
    if (m_intent.home && table && !table->namesUs)
        add(u"firewalld"_s, u"it refuses what other devices of home send to this one."_s,
            u"Trust home: firewall-cmd --permanent --zone=trusted --add-interface=sally-home, then firewall-cmd --reload."_s);
}

void Judge::ufw()
{
    const ForeignTable *table = findTableWithChain(m_others, u"ufw");
    if (m_intent.home && table && table->dropsInput && !table->namesUs)
        add(u"ufw"_s, u"it refuses what other devices of home send to this one."_s,
            u"Allow home: ufw allow in on sally-home."_s);
}

bool Judge::isForwarding() const
{
    if (!m_intent.home || !m_configuration.home)
        return false;
    const Device *own = findDevice(*m_configuration.home, m_configuration.home->device);
    return m_configuration.gateway.serve || (own && (own->offersExit || !own->routes.empty()));
}

/// Its chain's policy is the last word, whatever other chains accept (moby#39439).
void Judge::docker()
{
    const ForeignTable *table = findTableWithChain(m_others, u"DOCKER");
    if (isForwarding() && table && table->dropsForward && !table->namesUs)
        add(u"Docker"_s, u"it drops what this device forwards for other devices of home."_s,
            u"Let it pass: iptables -I DOCKER-USER -i sally-home -j ACCEPT, and the same with -o."_s);
}

} // namespace

std::vector<Conflict> conflictsOf(
    const Configuration &configuration, const Intent &intent, const ObservedState &observed)
{
    return Judge(configuration, intent, observed).conflicts();
}

Conflict fightOver(const ObservedState &observed)
{
    QString who = u"Another program"_s;
    for (const ForeignRule &rule : observed.others.rules) {
        const auto device = std::ranges::find_if(observed.others.defaults,
            [&](const ForeignDefault &each) { return each.family == rule.family && each.table == rule.table; });
        if (rule.preference < kExitPreference && captures(rule, kExitMark, observed.others, observed.uplinks)) {
            who = ownerOf(rule, device == observed.others.defaults.end() ? QString() : device->device, observed.others);
            break;
        }
    }
    return {who, u"it changed Sallyport's routing rules again and again; they are left alone for a minute."_s,
        u"Stop it, then switch off and on what does not work."_s};
}

} // namespace sallyport
