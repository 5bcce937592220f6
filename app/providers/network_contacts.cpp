// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/network_contacts.h"

#include <algorithm>

namespace sallyport {

NetworkContacts::NetworkContacts(PreferencesFile &preferences, QObject *parent)
    : QObject(parent), m_preferences(preferences)
{
    connect(&m_preferences, &PreferencesFile::changed, this, &NetworkContacts::changed);
}

void NetworkContacts::declare(const QString &host, const QString &purpose)
{
    const auto found = std::ranges::find(m_declared, host, &NetworkContact::host);
    if (found == m_declared.end())
        m_declared.push_back({host, purpose, true, {}});
}

std::vector<NetworkContact> NetworkContacts::list() const
{
    std::vector<NetworkContact> contacts = m_declared;
    for (NetworkContact &contact : contacts) {
        const ContactRecord record = recordOf(contact.host);
        contact.isAllowed = record.isAllowed;
        contact.last = record.last;
    }
    return contacts;
}

void NetworkContacts::allow(const QString &host, bool on)
{
    ContactRecord record = recordOf(host);
    record.isAllowed = on;
    keep(record);
}

bool NetworkContacts::enter(const QString &host)
{
    ContactRecord record = recordOf(host);
    const bool isDeclared = std::ranges::find(m_declared, host, &NetworkContact::host) != m_declared.end();
    if (!isDeclared || !record.isAllowed)
        return false;
    record.last = QDateTime::currentDateTimeUtc();
    keep(record);
    return true;
}

ContactRecord NetworkContacts::recordOf(const QString &host) const
{
    const std::vector<ContactRecord> &records = m_preferences.values().contacts;
    const auto found = std::ranges::find(records, host, &ContactRecord::host);
    return found == records.end() ? ContactRecord{host, true, {}} : *found;
}

void NetworkContacts::keep(const ContactRecord &record)
{
    Preferences values = m_preferences.values();
    std::erase_if(values.contacts, [&](const ContactRecord &each) { return each.host == record.host; });
    values.contacts.push_back(record);
    m_preferences.change(values);
}

} // namespace sallyport
