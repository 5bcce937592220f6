// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_status.h"

#include "app/cli/print_ways.h"
#include "app/cli/text.h"
#include "core/present/exit_words.h"
#include "core/present/home_words.h"
#include "core/wire/snapshot_codec.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kRoundTripColumn = 5;

QString orDash(const QString &text)
{
    return text.isEmpty() ? u"-"_s : text;
}

QString roundTrip(const PeerSnapshot &peer, const Ledger &ledger)
{
    const Ways ways = waysTo(peer, findPeer(ledger, peer.publicKey));
    return ways.roundTrip ? roundTripText(*ways.roundTrip) : u"-"_s;
}

/// Without meshd nobody measures, and there is no such column.
QStringList peerLines(const std::vector<PeerSnapshot> &peers, const Ledger &ledger)
{
    std::vector<QStringList> rows
        = {{u"DEVICE"_s, u"STATE"_s, u"ADDRESS"_s, u"ENDPOINT"_s, u"VIA"_s, u"HANDSHAKE"_s, u"RECEIVED"_s, u"SENT"_s}};
    for (const PeerSnapshot &peer : peers)
        rows.push_back({peer.name, word(peer.phase), orDash(peer.addresses.value(0)), orDash(peer.endpoint),
            word(peer.via), handshakeText(peer.activity), byteCount(peer.activity.receivedBytes),
            byteCount(peer.activity.sentBytes)});
    if (!ledger.empty()) {
        rows[0].insert(kRoundTripColumn, u"ROUND TRIP"_s);
        for (std::size_t i = 0; i < peers.size(); ++i)
            rows[i + 1].insert(kRoundTripColumn, roundTrip(peers[i], ledger));
    }
    return table(rows);
}

QStringList exitLine(const ExitSnapshot &exit)
{
    if (exit.phase == Phase::Off || exit.endpoint.isEmpty())
        return {};
    return {u"Exit goes to %1, handshake %2, %3 received, %4 sent."_s.arg(exit.endpoint, handshakeText(exit.activity),
        byteCount(exit.activity.receivedBytes), byteCount(exit.activity.sentBytes))};
}

void putLedger(QVariantMap &status, const std::vector<PeerSnapshot> &peers, const Ledger &ledger)
{
    QVariantMap home = status.value(u"home"_s).toMap();
    QVariantList maps;
    for (const PeerSnapshot &peer : peers) {
        QVariantMap map = home.value(u"peers"_s).toList().value(maps.size()).toMap();
        if (const LedgerPeer *known = findPeer(ledger, peer.publicKey))
            putWays(map, waysTo(peer, known));
        maps += map;
    }
    home.insert(u"peers"_s, maps);
    status.insert(u"home"_s, home);
}

} // namespace

QString word(PeerPhase phase)
{
    switch (phase) {
    case PeerPhase::Up:
        return u"up"_s;
    case PeerPhase::Stale:
        return u"stale"_s;
    case PeerPhase::Idle:
        return u"idle"_s;
    case PeerPhase::Down:
        return u"down"_s;
    }
    return {};
}

QString word(Via via)
{
    switch (via) {
    case Via::Unknown:
        return u"-"_s;
    case Via::Lan:
        return u"lan"_s;
    case Via::Public:
        return u"public"_s;
    case Via::Relay:
        return u"relay"_s;
    }
    return {};
}

QString handshakeText(const PeerActivity &activity)
{
    return activity.handshakeAge ? duration(activity.handshakeAge->count()) + u" ago"_s : u"-"_s;
}

QStringList summaryLines(const Snapshot &snapshot)
{
    QStringList lines = {homeSentence(snapshot.home), exitSentence(snapshot)};
    if (!snapshot.guard.sentence.isEmpty() && !lines.contains(snapshot.guard.sentence))
        lines += snapshot.guard.sentence;
    lines.removeAll(QString());
    return lines;
}

QStringList statusLines(const Snapshot &snapshot, const Ledger &ledger)
{
    QStringList lines = summaryLines(snapshot) + exitLine(snapshot.exit);
    if (!snapshot.home.peers.empty())
        lines += QStringList{QString()} + peerLines(snapshot.home.peers, ledger);
    if (!snapshot.conflicts.empty() || snapshot.lastError)
        lines += QString();
    for (const Conflict &conflict : snapshot.conflicts)
        lines += u"Conflict with %1: %2 %3"_s.arg(conflict.who, conflict.what, conflict.advice).trimmed();
    if (snapshot.lastError)
        lines += u"Last error: "_s + sentenceOf(*snapshot.lastError);
    return lines;
}

QVariantMap statusMap(const Snapshot &snapshot, const Ledger &ledger)
{
    QVariantMap map = encodeSnapshot(snapshot);
    if (!ledger.empty())
        putLedger(map, snapshot.home.peers, ledger);
    if (!snapshot.lastError)
        map.insert(u"lastError"_s, QVariant::fromValue(nullptr));
    return map;
}

} // namespace sallyport::cli
