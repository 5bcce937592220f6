// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/desired_state_of.h"
#include "core/ports/secrets.h"

#include <QStringList>

#include <map>
#include <memory>

namespace sallyport {

/// The secrets that the helper holds, by name (core/model/configuration.h). Boxes share the keys: a secret is in memory
/// once, however many boxes it is in.
class SecretBox : public Secrets {
public:
    const SecretKey *find(const QString &name) const override;
    void put(const QString &name, SecretKey key);
    /// Takes all of `newer`, then forgets everything that is not in `wanted`.
    void merge(const SecretBox &newer, const QStringList &wanted);
    SecretBox clone() const;
    const KnownSecrets &known() const { return m_known; }
    const std::map<QString, std::shared_ptr<const SecretKey>> &all() const { return m_secrets; }

private:
    std::map<QString, std::shared_ptr<const SecretKey>> m_secrets;
    KnownSecrets m_known; ///< computed once: a public key costs a scalar multiplication
};

} // namespace sallyport
