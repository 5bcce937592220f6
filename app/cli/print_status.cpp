// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_status.h"

#include "app/cli/text.h"
#include "core/present/exit_words.h"
#include "core/present/home_words.h"
#include "core/wire/snapshot_codec.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

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

QString orDash(const QString &text)
{
    return text.isEmpty() ? u"-"_s : text;
}

QString handshake(const PeerActivity &activity)
{
    return activity.handshakeAge ? duration(activity.handshakeAge->count()) + u" ago"_s : u"-"_s;
}

QStringList peerLines(const std::vector<PeerSnapshot> &peers)
{
    std::vector<QStringList> rows
        = {{u"DEVICE"_s, u"STATE"_s, u"ADDRESS"_s, u"ENDPOINT"_s, u"VIA"_s, u"HANDSHAKE"_s, u"RECEIVED"_s, u"SENT"_s}};
    for (const PeerSnapshot &peer : peers)
        rows.push_back(
            {peer.name, word(peer.phase), orDash(peer.addresses.value(0)), orDash(peer.endpoint), word(peer.via),
                handshake(peer.activity), byteCount(peer.activity.receivedBytes), byteCount(peer.activity.sentBytes)});
    return table(rows);
}

QStringList exitLine(const ExitSnapshot &exit)
{
    if (exit.phase == Phase::Off || exit.endpoint.isEmpty())
        return {};
    return {u"Exit goes to %1, handshake %2, %3 received, %4 sent."_s.arg(exit.endpoint, handshake(exit.activity),
        byteCount(exit.activity.receivedBytes), byteCount(exit.activity.sentBytes))};
}

} // namespace

QStringList summaryLines(const Snapshot &snapshot)
{
    QStringList lines = {homeSentence(snapshot.home), exitSentence(snapshot)};
    if (!snapshot.guard.sentence.isEmpty() && !lines.contains(snapshot.guard.sentence))
        lines += snapshot.guard.sentence;
    lines.removeAll(QString());
    return lines;
}

QStringList statusLines(const Snapshot &snapshot)
{
    QStringList lines = summaryLines(snapshot) + exitLine(snapshot.exit);
    if (!snapshot.home.peers.empty())
        lines += QStringList{QString()} + peerLines(snapshot.home.peers);
    if (!snapshot.conflicts.empty() || snapshot.lastError)
        lines += QString();
    for (const Conflict &conflict : snapshot.conflicts)
        lines += u"Conflict with %1: %2 %3"_s.arg(conflict.who, conflict.what, conflict.advice).trimmed();
    if (snapshot.lastError)
        lines += u"Last error: "_s + sentenceOf(*snapshot.lastError);
    return lines;
}

QVariantMap statusMap(const Snapshot &snapshot)
{
    QVariantMap map = encodeSnapshot(snapshot);
    if (!snapshot.lastError)
        map.insert(u"lastError"_s, QVariant::fromValue(nullptr));
    return map;
}

} // namespace sallyport::cli
