// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/device_rows.h"

#include "core/present/home_words.h"
#include "core/present/words.h"

#include <QHash>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Glyph glyphOf(PeerPhase phase)
{
    switch (phase) {
    case PeerPhase::Up:
        return Glyph::On;
    case PeerPhase::Stale:
    case PeerPhase::Down:
        return Glyph::Doubtful;
    case PeerPhase::Idle:
        break;
    }
    return Glyph::Off;
}

PathLine lineOf(const PeerSnapshot &peer)
{
    if (peer.phase != PeerPhase::Up)
        return PathLine::None;
    switch (peer.via) {
    case Via::Lan:
        return PathLine::Solid;
    case Via::Public:
    case Via::Unknown:
        return PathLine::Dashed;
    case Via::Relay:
        return PathLine::Dotted;
    }
    Q_UNREACHABLE();
}

QString pathOf(const PeerSnapshot &peer)
{
    switch (peer.phase) {
    case PeerPhase::Stale:
    case PeerPhase::Down:
        return Words::tr("does not answer");
    case PeerPhase::Idle:
        return peer.activity.handshakeAge ? Words::tr("quiet") : Words::tr("not heard from yet");
    case PeerPhase::Up:
        break;
    }
    switch (peer.via) {
    case Via::Lan:
        return Words::tr("on this network");
    case Via::Public:
        return Words::tr("through the internet");
    case Via::Relay:
        return Words::tr("through another device");
    case Via::Unknown:
        return Words::tr("answers");
    }
    Q_UNREACHABLE();
}

QString knownRoundTrip(const PeerSnapshot &peer, const LedgerPeer *known)
{
    if (!known || peer.phase != PeerPhase::Up)
        return {};
    if (known->roundTrip)
        return roundTripText(*known->roundTrip);
    for (const LedgerCandidate &candidate : known->candidates) {
        if (candidate.roundTrip && candidate.endpoint && candidate.endpoint->toString() == peer.endpoint)
            return roundTripText(*candidate.roundTrip);
    }
    return {};
}

DeviceRow rowOf(const PeerSnapshot &peer, const LedgerPeer *known)
{
    DeviceRow row;
    row.name = peer.name;
    row.address = peer.addresses.value(0);
    row.glyph = glyphOf(peer.phase);
    row.line = lineOf(peer);
    row.path = pathOf(peer);
    row.roundTrip = knownRoundTrip(peer, known);
    if (peer.activity.handshakeAge)
        //: %1 is a span of time, such as 5 min
        row.handshake = Words::tr("%1 ago").arg(spanOf(*peer.activity.handshakeAge));
    row.traffic = trafficLine(peer.activity.receivedBytes, peer.activity.sentBytes);
    return row;
}

QString sourceWord(const QString &source)
{
    if (source == u"dns")
        return Words::tr("found by its name");
    if (source == u"lan")
        return Words::tr("found on this network");
    if (source == u"gossip")
        return Words::tr("told by another device");
    if (source == u"observed")
        return Words::tr("seen");
    if (source == u"mapped")
        return Words::tr("opened by the router");
    return Words::tr("typed in");
}

QString measuredOf(const Way &way)
{
    QStringList parts;
    if (way.roundTrip)
        parts += roundTripText(*way.roundTrip);
    if (way.successes + way.failures > 0)
        //: %1 of %2 questions were answered
        parts += Words::tr("%1 of %2 answered").arg(way.successes).arg(way.successes + way.failures);
    if (way.sinceAnswer)
        parts += Words::tr("%1 ago").arg(spanOf(*way.sinceAnswer));
    return parts.join(u" · "_s);
}

WayRow wayRow(const Way &way)
{
    return {way.address, sourceWord(way.source), way.reason, measuredOf(way), way.state == u"in-use", way.preference};
}

QString agentWords(const Ways &ways)
{
    if (!ways.hasLedger)
        return Words::tr("Not known: sallyport-meshd does not run here.");
    return ways.hasAgent ? Words::tr("Sallyport runs there.")
                         : Words::tr("Sallyport has not answered there; plain WireGuard works all the same.");
}

} // namespace

std::vector<DeviceRow> deviceRows(const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger)
{
    QHash<QString, const LedgerPeer *> known;
    for (const LedgerPeer &peer : ledger)
        known.insert(peer.publicKey.toBase64(), &peer);
    std::vector<DeviceRow> rows;
    rows.reserve(snapshot.home.peers.size());
    for (const PeerSnapshot &peer : snapshot.home.peers)
        rows.push_back(rowOf(peer, known.isEmpty() ? nullptr : known.value(peer.publicKey.toBase64())));
    return rows;
}

std::optional<DeviceDetails> deviceDetails(
    const Snapshot &snapshot, const std::vector<LedgerPeer> &ledger, const QString &name)
{
    const auto peer = std::ranges::find(snapshot.home.peers, name, &PeerSnapshot::name);
    if (peer == snapshot.home.peers.end())
        return std::nullopt;
    const LedgerPeer *known = findPeer(ledger, peer->publicKey);
    const Ways ways = waysTo(*peer, known);
    DeviceDetails details;
    details.row = rowOf(*peer, known);
    details.addresses = peer->addresses;
    details.key = peer->publicKey.toBase64();
    details.endpoint = peer->endpoint;
    details.agent = agentWords(ways);
    details.exitName = peer->offersExit && snapshot.exit.available.contains(name) ? name : QString();
    for (const Way &way : ways.candidates)
        details.ways.push_back(wayRow(way));
    return details;
}

} // namespace sallyport
