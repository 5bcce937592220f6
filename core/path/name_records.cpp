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
        const auto alike = std::ranges::count_if(usable, [&](const IpAddress &each) {
            return each.family() == address.family() && kindOf(each) == kindOf(address);
        });
        // Local addresses in a name are rare, and cheap to add by the hundred.
        const std::size_t most = kindOf(address) == AddressKind::Global ? mostOfFamily : 1;
        if (static_cast<std::size_t>(alike) < most && !has(usable, address) && isUsable(address, where))
            usable.push_back(address);
    }
    return usable;
}

bool NameBook::ask(const QString &name, bool isUrgent, PathTime now, const PathPolicy &policy)
{
    if (now < dueAt(name, isUrgent, policy))
        return false;
    m_entries[name].askedAt = now;
    return true;
}

void NameBook::answer(const QString &name, std::vector<IpAddress> usable, std::chrono::seconds lifetime, PathTime now,
    const PathPolicy &policy)
{
    Entry &entry = m_entries[name];
    entry.askedAt.reset();
    entry.answeredAt = now;
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

PathTime NameBook::dueAt(const QString &name, bool isUrgent, const PathPolicy &policy) const
{
    const auto found = m_entries.find(name);
    if (found == m_entries.end())
        return PathTime::min();
    const Entry &entry = found->second;
    const PathTime answered = entry.askedAt ? *entry.askedAt + policy.nameLimit : PathTime::min();
    const PathTime valid = entry.validUntil.value_or(PathTime::min());
    const PathTime again = entry.answeredAt ? *entry.answeredAt + policy.nameAgain : PathTime::min();
    return std::max(answered, isUrgent ? std::min(valid, again) : valid);
}

void NameBook::keepOnly(const std::vector<QString> &names)
{
    std::erase_if(m_entries, [&](const auto &each) { return std::ranges::find(names, each.first) == names.end(); });
}

} // namespace sallyport
