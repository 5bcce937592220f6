// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/secrets.h"
#include "helper/kernel/paths.h"

#include <QJsonArray>
#include <QStringList>
#include <QTemporaryDir>

#include <map>

namespace sallyport::test {

/// Moves this process into a network and mount namespace of its own: `lo` up, an empty /run. To be called before
/// anything else. Empty, or why it is impossible here.
QString enterPrivateNetwork();

/// What a program printed. Fails the running test when it ends with an error.
QByteArray run(const QStringList &command, const QByteArray &input = {});
/// Whether a program ends without an error.
bool succeeds(const QStringList &command);
/// `ip -j -d …`
QJsonArray ip(const QString &arguments);

/// Paths for LinuxKernel that stay inside `folder`.
Paths pathsIn(const QTemporaryDir &folder);

class TestSecrets : public Secrets {
public:
    const SecretKey *find(const QString &name) const override
    {
        const auto found = m_keys.find(name);
        return found == m_keys.end() ? nullptr : &found->second;
    }
    const SecretKey &add(const QString &name, SecretKey key)
    {
        m_keys.erase(name);
        return m_keys.emplace(name, std::move(key)).first->second;
    }

private:
    std::map<QString, SecretKey> m_keys;
};

} // namespace sallyport::test
