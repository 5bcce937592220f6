// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"
#include "core/model/observed_state.h"
#include "core/path/path_values.h"

#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

/// What is, in the words of the user: the one value that travels up. Derived, never stored.
namespace sallyport {

enum class Phase { Off, Starting, Up, Stale, Failed };
enum class PeerPhase { Up, Stale, Idle, Down };
enum class Via { Unknown, Lan, Public, Relay };
enum class GuardState { Open, Connecting, Connected, Blocked, Lockdown };

struct CandidateSnapshot {
    QString address; ///< as written in the configuration
    QString source; ///< manual, dns, lan, gossip, observed or mapped
    QString state; ///< in-use, possible or not-here
    Preference preference = Preference::None;

    bool operator==(const CandidateSnapshot &) const = default;
};

struct PeerSnapshot {
    QString name;
    PublicKey publicKey;
    QStringList addresses;
    PeerPhase phase = PeerPhase::Idle;
    QString endpoint; ///< where the kernel sends now; empty if nowhere
    Via via = Via::Unknown;
    PeerActivity activity;
    bool offersExit = false;
    std::vector<CandidateSnapshot> candidates;

    bool operator==(const PeerSnapshot &) const = default;
};

struct HomeSnapshot {
    bool configured = false;
    bool enabled = false;
    Phase phase = Phase::Off;
    QString name;
    QString device;
    QString interface;
    std::optional<Backend> backend;
    PublicKey publicKey;
    std::vector<PeerSnapshot> peers;

    bool operator==(const HomeSnapshot &) const = default;
};

struct ExitSnapshot {
    bool enabled = false;
    Phase phase = Phase::Off;
    QString name;
    QString provider; ///< or `device`
    QString interface;
    std::optional<Backend> backend;
    QString endpoint;
    std::vector<Family> families;
    PeerActivity activity;
    QStringList available; ///< names of all configured exits

    bool operator==(const ExitSnapshot &) const = default;
};

struct GuardSnapshot {
    GuardState state = GuardState::Open;
    QString sentence;
    std::optional<std::chrono::sys_seconds> pausedUntil{}; ///< Exit and lockdown are on, but rest until then
    bool lockdown = false; ///< is wanted, whatever the state is

    bool operator==(const GuardSnapshot &) const = default;
};

struct Conflict {
    QString who;
    QString what;
    QString advice;

    bool operator==(const Conflict &) const = default;
};

/// What was seen in the kernel, for whoever has to help.
struct Found {
    QStringList ours;
    QStringList others;

    bool operator==(const Found &) const = default;
};

struct Snapshot {
    quint64 revision = 0;
    QString helperVersion;
    HomeSnapshot home;
    ExitSnapshot exit;
    GuardSnapshot guard;
    std::vector<Conflict> conflicts;
    Found found;
    std::optional<Error> lastError;

    bool operator==(const Snapshot &) const = default;
};

/// Apart from counters and ages of handshakes, which always move.
bool saysTheSame(Snapshot one, Snapshot other);

} // namespace sallyport
