// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/ledger_codec.h"

#include "core/wire/path_words.h"

#include <cmath>
#include <limits>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSchema = 1;
constexpr qsizetype kMostPeers = 10000; ///< as many as devices
constexpr qsizetype kMostCandidates = 1024; ///< of one peer
constexpr quint64 kLongest = quint64(std::numeric_limits<qint64>::max()); ///< of a duration

/// JSON knows only doubles, D-Bus eight kinds of whole numbers.
std::optional<quint64> wholeNumber(const QVariantMap &map, const QString &key, quint64 maximum)
{
    const QVariant value = map.value(key);
    if (value.typeId() == QMetaType::Double) {
        const double number = value.toDouble();
        const bool fits = number >= 0 && number < 9007199254740992.0 && std::floor(number) == number;
        return fits && quint64(number) <= maximum ? std::optional(quint64(number)) : std::nullopt;
    }
    bool ok = false;
    const qlonglong number = value.typeId() == QMetaType::QString ? -1 : value.toLongLong(&ok);
    return ok && number >= 0 && quint64(number) <= maximum ? std::optional(quint64(number)) : std::nullopt;
}

template<class Duration>
void put(QVariantMap &map, const QString &key, const std::optional<Duration> &duration)
{
    if (duration)
        map.insert(key, qlonglong(duration->count()));
}

template<class Duration>
std::optional<Duration> durationOf(const QVariantMap &map, const QString &key)
{
    const auto count = wholeNumber(map, key, kLongest);
    return count ? std::optional(Duration(qint64(*count))) : std::nullopt;
}

quint32 countOf(const QVariantMap &map, const QString &key)
{
    return quint32(wholeNumber(map, key, std::numeric_limits<quint32>::max()).value_or(0));
}

QVariantMap encode(const LedgerCandidate &candidate)
{
    QVariantMap map{{u"address"_s, candidate.written.toString()}, {u"source"_s, wordOf(candidate.source)},
        {u"preference"_s, wordOf(candidate.preference)}, {u"state"_s, wordOf(candidate.state)},
        {u"successes"_s, candidate.successes}, {u"failures"_s, candidate.failures}};
    if (candidate.endpoint) {
        map.insert(u"endpoint"_s, candidate.endpoint->toString());
        if (candidate.endpoint->scopeId != 0)
            map.insert(u"interfaceIndex"_s, candidate.endpoint->scopeId);
    }
    put(map, u"roundTripMicroseconds"_s, candidate.roundTrip);
    put(map, u"sinceAnswerSeconds"_s, candidate.sinceAnswer);
    put(map, u"knownSeconds"_s, candidate.known);
    return map;
}

std::optional<Endpoint> endpointOf(const QVariantMap &map)
{
    const auto endpoint = Endpoint::parse(map.value(u"endpoint"_s).toString());
    if (!endpoint)
        return std::nullopt;
    return Endpoint{endpoint->address, endpoint->port, countOf(map, u"interfaceIndex"_s)};
}

std::optional<LedgerCandidate> candidateOf(const QVariantMap &map)
{
    const auto written = HostEndpoint::parse(map.value(u"address"_s).toString());
    if (!written)
        return std::nullopt;
    LedgerCandidate candidate;
    candidate.written = *written;
    candidate.endpoint = endpointOf(map);
    candidate.source = candidateSourceOf(map.value(u"source"_s).toString());
    candidate.preference = preferenceOf(map.value(u"preference"_s).toString());
    candidate.state = candidateStateOf(map.value(u"state"_s).toString());
    candidate.roundTrip = durationOf<std::chrono::microseconds>(map, u"roundTripMicroseconds"_s);
    candidate.sinceAnswer = durationOf<std::chrono::seconds>(map, u"sinceAnswerSeconds"_s);
    candidate.known = durationOf<std::chrono::seconds>(map, u"knownSeconds"_s);
    candidate.successes = countOf(map, u"successes"_s);
    candidate.failures = countOf(map, u"failures"_s);
    return candidate;
}

QVariantMap encode(const LedgerPeer &peer)
{
    QVariantList candidates;
    for (const LedgerCandidate &candidate : peer.candidates)
        candidates += encode(candidate);
    QVariantMap map{{u"publicKey"_s, peer.publicKey.toBase64()}, {u"agent"_s, peer.hasAgent},
        {u"onLink"_s, peer.isOnLink}, {u"candidates"_s, candidates}};
    put(map, u"roundTripMicroseconds"_s, peer.roundTrip);
    return map;
}

std::optional<LedgerPeer> peerOf(const QVariantMap &map)
{
    const auto key = PublicKey::parse(map.value(u"publicKey"_s).toString());
    if (!key)
        return std::nullopt;
    LedgerPeer peer;
    peer.publicKey = *key;
    peer.hasAgent = map.value(u"agent"_s).toBool();
    peer.isOnLink = map.value(u"onLink"_s).toBool();
    peer.roundTrip = durationOf<std::chrono::microseconds>(map, u"roundTripMicroseconds"_s);
    for (const QVariant &each : map.value(u"candidates"_s).toList().mid(0, kMostCandidates)) {
        if (const auto candidate = candidateOf(each.toMap()))
            peer.candidates.push_back(*candidate);
    }
    return peer;
}

} // namespace

QVariantMap encodeLedger(const std::vector<LedgerPeer> &ledger)
{
    QVariantList peers;
    for (const LedgerPeer &peer : ledger)
        peers += encode(peer);
    return {{u"schema"_s, kSchema}, {u"peers"_s, peers}};
}

std::vector<LedgerPeer> decodeLedger(const QVariantMap &map)
{
    std::vector<LedgerPeer> ledger;
    if (map.value(u"schema"_s).toInt() != kSchema)
        return ledger;
    for (const QVariant &each : map.value(u"peers"_s).toList().mid(0, kMostPeers)) {
        if (const auto peer = peerOf(each.toMap()))
            ledger.push_back(*peer);
    }
    return ledger;
}

} // namespace sallyport
