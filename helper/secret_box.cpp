// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/secret_box.h"

#include <QSet>

namespace sallyport {

const SecretKey *SecretBox::find(const QString &name) const
{
    const auto found = m_secrets.find(name);
    return found == m_secrets.end() ? nullptr : found->second.get();
}

void SecretBox::put(const QString &name, SecretKey key)
{
    KnownSecret known;
    known.digest = key.digest();
    if (!isPresharedKeyName(name))
        known.publicKey = key.publicKey();
    m_known.insert_or_assign(name, known);
    m_secrets.insert_or_assign(name, std::make_shared<const SecretKey>(std::move(key)));
}

void SecretBox::merge(const SecretBox &newer, const QStringList &wanted)
{
    for (const auto &[name, key] : newer.m_secrets) {
        m_secrets.insert_or_assign(name, key);
        m_known.insert_or_assign(name, newer.m_known.at(name));
    }
    const QSet<QString> keep(wanted.begin(), wanted.end());
    const auto isSurplus = [&](const auto &entry) { return !keep.contains(entry.first); };
    std::erase_if(m_secrets, isSurplus);
    std::erase_if(m_known, isSurplus);
}

SecretBox SecretBox::clone() const
{
    SecretBox copy;
    copy.m_secrets = m_secrets;
    copy.m_known = m_known;
    return copy;
}

} // namespace sallyport
