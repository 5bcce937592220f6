// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/snapshot_codec.h"

#include "core/wire/error_names.h"
#include "core/wire/path_words.h"
#include "core/wire/word_list.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kPhases = {Word{Phase::Off, "off"_L1}, Word{Phase::Starting, "starting"_L1},
    Word{Phase::Up, "up"_L1}, Word{Phase::Stale, "stale"_L1}, Word{Phase::Failed, "failed"_L1}};
constexpr std::array kPeerPhases = {Word{PeerPhase::Idle, "idle"_L1}, Word{PeerPhase::Up, "up"_L1},
    Word{PeerPhase::Stale, "stale"_L1}, Word{PeerPhase::Down, "down"_L1}};
constexpr std::array kVias = {
    Word{Via::Unknown, ""_L1}, Word{Via::Lan, "lan"_L1}, Word{Via::Public, "public"_L1}, Word{Via::Relay, "relay"_L1}};
constexpr std::array kGuards = {Word{GuardState::Open, "open"_L1}, Word{GuardState::Connecting, "connecting"_L1},
    Word{GuardState::Connected, "connected"_L1}, Word{GuardState::Blocked, "blocked"_L1},
    Word{GuardState::Lockdown, "lockdown"_L1}};
constexpr std::array kBackends = {Word{Backend::Kernel, "kernel"_L1}, Word{Backend::Userspace, "userspace"_L1}};
constexpr std::array kFamilyWords = {Word{Family::IPv4, "ipv4"_L1}, Word{Family::IPv6, "ipv6"_L1}};

void putActivity(QVariantMap &map, const PeerActivity &activity)
{
    if (activity.handshakeAge)
        map.insert(u"handshakeAgeSeconds"_s, qlonglong(activity.handshakeAge->count()));
    map.insert(u"rxBytes"_s, qulonglong(activity.receivedBytes));
    map.insert(u"txBytes"_s, qulonglong(activity.sentBytes));
}

PeerActivity activityOf(const QVariantMap &map)
{
    PeerActivity activity;
    if (map.contains(u"handshakeAgeSeconds"_s))
        activity.handshakeAge = std::chrono::seconds(map.value(u"handshakeAgeSeconds"_s).toLongLong());
    activity.receivedBytes = map.value(u"rxBytes"_s).toULongLong();
    activity.sentBytes = map.value(u"txBytes"_s).toULongLong();
    return activity;
}

QVariantMap encode(const CandidateSnapshot &value)
{
    return {{u"address"_s, value.address}, {u"source"_s, value.source}, {u"state"_s, value.state},
        {u"preference"_s, wordOf(value.preference)}};
}

QVariantMap encode(const PeerSnapshot &value)
{
    QVariantMap map{{u"name"_s, value.name}, {u"publicKey"_s, value.publicKey.toBase64()},
        {u"addresses"_s, value.addresses}, {u"phase"_s, wordOf(kPeerPhases, value.phase)}};
    if (!value.endpoint.isEmpty())
        map.insert(u"endpoint"_s, value.endpoint);
    if (value.via != Via::Unknown)
        map.insert(u"via"_s, wordOf(kVias, value.via));
    if (value.offersExit)
        map.insert(u"offersExit"_s, true);
    putActivity(map, value.activity);
    QVariantList candidates;
    for (const CandidateSnapshot &candidate : value.candidates)
        candidates += encode(candidate);
    map.insert(u"candidates"_s, candidates);
    return map;
}

PeerSnapshot peerOf(const QVariantMap &map)
{
    PeerSnapshot value;
    value.name = map.value(u"name"_s).toString();
    if (const auto key = PublicKey::parse(map.value(u"publicKey"_s).toString()))
        value.publicKey = *key;
    value.addresses = map.value(u"addresses"_s).toStringList();
    value.phase = valueOf(kPeerPhases, map.value(u"phase"_s));
    value.endpoint = map.value(u"endpoint"_s).toString();
    value.via = valueOf(kVias, map.value(u"via"_s));
    value.offersExit = map.value(u"offersExit"_s).toBool();
    value.activity = activityOf(map);
    for (const QVariant &entry : map.value(u"candidates"_s).toList()) {
        const QVariantMap candidate = entry.toMap();
        value.candidates.push_back({candidate.value(u"address"_s).toString(), candidate.value(u"source"_s).toString(),
            candidate.value(u"state"_s).toString(), preferenceOf(candidate.value(u"preference"_s).toString())});
    }
    return value;
}

QVariantMap encode(const HomeSnapshot &value)
{
    QVariantMap map{{u"configured"_s, value.configured}, {u"enabled"_s, value.enabled},
        {u"phase"_s, wordOf(kPhases, value.phase)}, {u"interface"_s, value.interface}};
    if (value.configured) {
        map.insert(u"name"_s, value.name);
        map.insert(u"device"_s, value.device);
    }
    if (!value.publicKey.isNull())
        map.insert(u"publicKey"_s, value.publicKey.toBase64());
    if (value.backend)
        map.insert(u"backend"_s, wordOf(kBackends, *value.backend));
    QVariantList peers;
    peers.reserve(static_cast<qsizetype>(value.peers.size()));
    for (const PeerSnapshot &peer : value.peers)
        peers += encode(peer);
    map.insert(u"peers"_s, peers);
    return map;
}

HomeSnapshot homeOf(const QVariantMap &map)
{
    HomeSnapshot value;
    value.configured = map.value(u"configured"_s).toBool();
    value.enabled = map.value(u"enabled"_s).toBool();
    value.phase = valueOf(kPhases, map.value(u"phase"_s));
    value.name = map.value(u"name"_s).toString();
    value.device = map.value(u"device"_s).toString();
    value.interface = map.value(u"interface"_s).toString();
    if (const auto key = PublicKey::parse(map.value(u"publicKey"_s).toString()))
        value.publicKey = *key;
    if (map.contains(u"backend"_s))
        value.backend = valueOf(kBackends, map.value(u"backend"_s));
    for (const QVariant &peer : map.value(u"peers"_s).toList())
        value.peers.push_back(peerOf(peer.toMap()));
    return value;
}

QVariantMap encode(const ExitSnapshot &value)
{
    QVariantMap map{{u"enabled"_s, value.enabled}, {u"phase"_s, wordOf(kPhases, value.phase)}, {u"name"_s, value.name},
        {u"endpoint"_s, value.endpoint}, {u"interface"_s, value.interface}, {u"available"_s, value.available}};
    if (!value.provider.isEmpty())
        map.insert(u"provider"_s, value.provider);
    if (value.backend)
        map.insert(u"backend"_s, wordOf(kBackends, *value.backend));
    QStringList families;
    for (const Family family : value.families)
        families += wordOf(kFamilyWords, family);
    map.insert(u"families"_s, families);
    putActivity(map, value.activity);
    return map;
}

ExitSnapshot exitOf(const QVariantMap &map)
{
    ExitSnapshot value;
    value.enabled = map.value(u"enabled"_s).toBool();
    value.phase = valueOf(kPhases, map.value(u"phase"_s));
    value.name = map.value(u"name"_s).toString();
    value.provider = map.value(u"provider"_s).toString();
    value.interface = map.value(u"interface"_s).toString();
    value.endpoint = map.value(u"endpoint"_s).toString();
    value.available = map.value(u"available"_s).toStringList();
    if (map.contains(u"backend"_s))
        value.backend = valueOf(kBackends, map.value(u"backend"_s));
    for (const QVariant &family : map.value(u"families"_s).toList())
        value.families.push_back(valueOf(kFamilyWords, family));
    value.activity = activityOf(map);
    return value;
}

QVariantMap encode(const GuardSnapshot &value)
{
    QVariantMap map{{u"state"_s, wordOf(kGuards, value.state)}, {u"sentence"_s, value.sentence}};
    if (value.lockdown)
        map.insert(u"lockdown"_s, true);
    if (value.pausedUntil)
        map.insert(u"pausedUntil"_s, qlonglong(value.pausedUntil->time_since_epoch().count()));
    return map;
}

GuardSnapshot guardOf(const QVariantMap &map)
{
    GuardSnapshot value;
    value.state = valueOf(kGuards, map.value(u"state"_s));
    value.sentence = map.value(u"sentence"_s).toString();
    value.lockdown = map.value(u"lockdown"_s).toBool();
    if (map.contains(u"pausedUntil"_s))
        value.pausedUntil = std::chrono::sys_seconds(std::chrono::seconds(map.value(u"pausedUntil"_s).toLongLong()));
    return value;
}

QVariantMap encode(const Error &error)
{
    return {{u"code"_s, jsonName(error.code)}, {u"detail"_s, error.detail}, {u"place"_s, error.place}};
}

} // namespace

QVariantMap encodeSnapshot(const Snapshot &snapshot)
{
    QVariantMap map{{u"revision"_s, qulonglong(snapshot.revision)},
        {u"helper"_s, QVariantMap{{u"version"_s, snapshot.helperVersion}}}, {u"home"_s, encode(snapshot.home)},
        {u"exit"_s, encode(snapshot.exit)}, {u"guard"_s, encode(snapshot.guard)}};
    QVariantList conflicts;
    for (const Conflict &conflict : snapshot.conflicts)
        conflicts += QVariantMap{{u"who"_s, conflict.who}, {u"what"_s, conflict.what}, {u"advice"_s, conflict.advice}};
    map.insert(u"conflicts"_s, conflicts);
    map.insert(u"found"_s, QVariantMap{{u"ours"_s, snapshot.found.ours}, {u"others"_s, snapshot.found.others}});
    // Absent when there is none: D-Bus has no null. The command line prints `null`.
    if (snapshot.lastError)
        map.insert(u"lastError"_s, encode(*snapshot.lastError));
    return map;
}

Snapshot decodeSnapshot(const QVariantMap &map)
{
    Snapshot value;
    value.revision = map.value(u"revision"_s).toULongLong();
    value.helperVersion = map.value(u"helper"_s).toMap().value(u"version"_s).toString();
    value.home = homeOf(map.value(u"home"_s).toMap());
    value.exit = exitOf(map.value(u"exit"_s).toMap());
    value.guard = guardOf(map.value(u"guard"_s).toMap());
    for (const QVariant &entry : map.value(u"conflicts"_s).toList()) {
        const QVariantMap conflict = entry.toMap();
        value.conflicts.push_back({conflict.value(u"who"_s).toString(), conflict.value(u"what"_s).toString(),
            conflict.value(u"advice"_s).toString()});
    }
    const QVariantMap found = map.value(u"found"_s).toMap();
    value.found = {found.value(u"ours"_s).toStringList(), found.value(u"others"_s).toStringList()};
    if (map.contains(u"lastError"_s)) {
        const QVariantMap error = map.value(u"lastError"_s).toMap();
        value.lastError = Error{errcFromJsonName(error.value(u"code"_s).toString()),
            error.value(u"detail"_s).toString(), error.value(u"place"_s).toString()};
    }
    return value;
}

} // namespace sallyport
