// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "helper/reconciler.h"
#include "helper/secret_box.h"
#include "helper/storage/state_store.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace sallyport {

/// What the user has, wants and gets: owns configuration, intent and secrets, keeps them, and makes them true. Knows
/// nothing of D-Bus or polkit. Every public call ends with `changed` if the snapshot is another than before; counters and
/// ages of handshakes alone are no news while nobody watches.
class Switchboard : public QObject {
    Q_OBJECT

public:
    Switchboard(StateStore &store, SecretBox &secrets, Kernel &kernel, QObject *parent = nullptr);

    /// Loads what was kept and adopts what is there.
    Result<Done> start();
    /// Replaces the configuration and takes the caller's new secrets with it. Refused: nothing is changed.
    Result<Done> configure(const Configuration &configuration, const SecretBox &newSecrets);
    /// Refused: the intent stays what it was, and so does the system.
    Result<Done> setIntent(const IntentChange &change);
    /// The networks or somebody else's changes may ask for another plan.
    void reconcileSoon();
    /// Somebody else took away or changed our nftables tables: they are put back at once.
    void repairTables(const QStringList &names, const QString &program);
    /// What meshd has found out about the networks.
    void setMesh(const MeshWord &word);
    /// While somebody looks, counters are read every second.
    void setWatched(bool watched);

    const Configuration &configuration() const { return m_configuration; }
    const Intent &intent() const { return m_intent; }
    const Snapshot &snapshot() const { return m_snapshot; }
    /// Looks first if the last look is older than a second: nobody polls while nobody asks.
    const Snapshot &freshSnapshot();

Q_SIGNALS:
    void changed(const sallyport::Snapshot &snapshot);
    /// The system was looked at, whether there is news or not. Before a link that is not wanted any more is deleted.
    void looked(const sallyport::ObservedState &observed);

private:
    Result<Done> goBack(const Error &reason);
    void accept(const ObservedState &observed);
    void reconcileInBackground();
    void look();
    void publish(const ObservedState &observed);
    void publishFailure(const Error &error);
    void finishLater();
    void keep(const char *what, const Result<Done> &kept);
    void startWaiting();
    void scheduleLook();

    StateStore &m_store;
    SecretBox &m_secrets;
    Reconciler m_reconciler;
    Configuration m_configuration;
    Intent m_intent;
    Snapshot m_snapshot;
    std::optional<Error> m_lastError; ///< of the last request; until one succeeds
    std::optional<Error> m_trouble; ///< of reconciling by itself; until that succeeds
    QElapsedTimer m_sinceSwitch;
    QElapsedTimer m_sinceLook;
    QElapsedTimer m_sinceRepair;
    std::chrono::milliseconds m_patience{50};
    QTimer m_settle; ///< collects bursts of network events
    QTimer m_rest; ///< until rules that others fight over are put back again
    QTimer m_later; ///< what may happen after the answer
    QTimer m_look; ///< handshakes have no notification, so they are asked for
    std::chrono::milliseconds m_waitStep{10};
    bool m_watched = false;
};

} // namespace sallyport
