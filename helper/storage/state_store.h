// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "helper/files/atomic_file.h"
#include "helper/secret_box.h"

namespace sallyport {

/// What was kept. When the switches cannot be read and Exit or lockdown was ever on, `intent` has lockdown: rather no
/// internet than an open one that nobody asked for. `damage` says what could not be read. Damaged files are put aside as `<name>.damaged`.
struct StoredState {
    Configuration configuration;
    Intent intent;
    SecretBox secrets;
    std::optional<Error> damage;
};

/// Keeps configuration, secrets and intent in `stateFolder` (0700, durable) and the intent also in `runFolder`, where
/// it survives a crash of the helper without waiting for a disk.
///
/// Configuration and secrets are one file: neither is ever there without the other.
class StateStore {
public:
    StateStore(QString stateFolder, QString runFolder);

    /// Creates the folders if they are missing.
    Result<StoredState> load();
    Result<Done> saveConfiguration(const Configuration &configuration, const SecretBox &secrets);
    /// Safe against a crash of the helper at once, and against loss of power after settle().
    Result<Done> saveIntent(const Intent &intent);
    Result<Done> settle();

private:
    Result<Done> loadConfiguration(StoredState &state);
    Result<Done> loadIntent(StoredState &state);
    Result<std::optional<Intent>> readIntent(const QString &path);
    Result<Done> unlockIfAsked(StoredState &state);
    Result<Done> rememberProtection(const Intent &intent);
    QString inState(const char *name) const { return m_stateFolder + u'/' + QLatin1StringView(name); }

    QString m_stateFolder;
    QString m_runFolder;
    std::optional<AtomicFile> m_unsettledIntent;
};

} // namespace sallyport
