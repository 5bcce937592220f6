// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/name_records.h"

#include "core/path/address_kind.h"

#include <algorithm>

namespace sallyport {

namespace {

bool isUsable(const IpAddress &address, const Whereabouts &where)
{
    const AddressKind kind = kindOf(address);
    // A link-local address means nothing without the link, which no name tells.
    return kind != AddressKind::Never && kind != AddressKind::LinkLocal && !where.mesh.contains(address)
        && !where.isOwn(address) && !where.isBroadcast(address);
}

bool has(const std::vector<IpAddress> &addresses, const IpAddress &address)
{
    return std::ranges::find(addresses, address) != addresses.end();
}

} // namespace

std::vector<IpAddress> usableRecords(const std::vector<IpAddress> &answer, const std::vector<IpAddress> &before,
    const Whereabouts &where, std::size_t mostOfFamily)
{
    std::vector<IpAddress> ordered = answer;
    std::ranges::stable_partition(ordered, [&](const IpAddress &each) { return has(before, each); });
    std::vector<IpAddress> usable;
    for (const IpAddress &address : ordered) {
        const auto ofFamily
            = static_cast<std::size_t>(std::ranges::count(usable, address.family(), &IpAddress::family));
        if (ofFamily < mostOfFamily && !has(usable, address) && isUsable(address, where))
            usable.push_back(address);
    }
    return usable;
}

bool NameBook::ask(const QString &name, PathTime now, const PathPolicy &policy)
{
    if (now < dueAt(name, policy))
        return false;
    m_entries[name].askedAt = now;
    return true;
}

void NameBook::answer(const QString &name, std::vector<IpAddress> usable, std::chrono::seconds lifetime, PathTime now,
    const PathPolicy &policy)
{
    Entry &entry = m_entries[name];
    entry.askedAt.reset();
    entry.isAnswered = true;
    entry.validUntil = now + std::clamp(lifetime, policy.shortestLifetime, policy.longestLifetime);
    // No answer is no reason to forget the last one.
    if (!usable.empty())
        entry.addresses = std::move(usable);
}

void NameBook::expire(const QString &name)
{
    m_entries[name].validUntil.reset();
}

std::vector<IpAddress> NameBook::addressesOf(const QString &name) const
{
    const auto found = m_entries.find(name);
    return found == m_entries.end() ? std::vector<IpAddress>() : found->second.addresses;
}

bool NameBook::isAnswered(const QString &name) const
{
    const auto found = m_entries.find(name);
    return found != m_entries.end() && found->second.isAnswered;
}

PathTime NameBook::dueAt(const QString &name, const PathPolicy &policy) const
{
    const auto found = m_entries.find(name);
    if (found == m_entries.end())
        return PathTime::min();
    const Entry &entry = found->second;
    const PathTime answered = entry.askedAt ? *entry.askedAt + policy.nameLimit : PathTime::min();
    return std::max(answered, entry.validUntil.value_or(PathTime::min()));
}

void NameBook::keepOnly(const std::vector<QString> &names)
{
    std::erase_if(m_entries, [&](const auto &each) { return std::ranges::find(names, each.first) == names.end(); });
}

} // namespace sallyport
