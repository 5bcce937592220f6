// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_device.h"

#include "app/cli/print_lists.h"
#include "app/cli/print_ways.h"
#include "app/cli/text.h"
#include "core/wire/snapshot_codec.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

const PeerSnapshot *peerOf(const DeviceFacts &facts)
{
    const auto &peers = facts.home.peers;
    const auto found = std::ranges::find(peers, facts.device.publicKey, &PeerSnapshot::publicKey);
    return found == peers.end() ? nullptr : &*found;
}

QString reached(const PeerSnapshot &peer, const Ways &ways)
{
    if (peer.endpoint.isEmpty())
        return u"nowhere"_s;
    const QString place = peer.via == Via::Unknown ? peer.endpoint : u"%1 (%2)"_s.arg(peer.endpoint, word(peer.via));
    return ways.roundTrip ? u"%1, round trip %2"_s.arg(place, roundTripText(*ways.roundTrip)) : place;
}

QString agent(const Ways &ways)
{
    if (!ways.hasLedger)
        return u"not known: sallyport-meshd does not run here"_s;
    return ways.hasAgent ? u"yes"_s : u"has not answered yet"_s;
}

QStringList stateLines(const PeerSnapshot &peer, const Ways &ways)
{
    return table({{u"state"_s, word(peer.phase)}, {u"handshake"_s, handshakeText(peer.activity)},
        {u"reached at"_s, reached(peer, ways)},
        {u"traffic"_s,
            u"%1 received, %2 sent"_s.arg(byteCount(peer.activity.receivedBytes), byteCount(peer.activity.sentBytes))},
        {u"Sallyport"_s, agent(ways)}});
}

} // namespace

QStringList deviceShowLines(const DeviceFacts &facts)
{
    QStringList lines = deviceLines(facts.device);
    if (facts.isThisMachine)
        return lines + QStringList{QString(), u"This is this machine itself."_s};
    const PeerSnapshot *peer = peerOf(facts);
    if (!peer)
        return lines + QStringList{QString(), u"Home is off, so nothing is sent to it."_s};
    const Ways ways = waysTo(*peer, findPeer(facts.ledger, peer->publicKey));
    lines += QStringList{QString()} + stateLines(*peer, ways);
    if (ways.candidates.empty())
        return lines + QStringList{QString(), u"No endpoint of it is known; it has to come to us first."_s};
    return lines + QStringList{QString()} + wayLines(ways);
}

QVariantMap deviceShowMap(const DeviceFacts &facts)
{
    QVariantMap map = deviceMap(facts.device);
    map.insert(u"thisMachine"_s, facts.isThisMachine);
    const PeerSnapshot *peer = facts.isThisMachine ? nullptr : peerOf(facts);
    if (!peer)
        return map;
    Snapshot alone;
    alone.home.peers = {*peer};
    const QVariantMap encoded
        = encodeSnapshot(alone).value(u"home"_s).toMap().value(u"peers"_s).toList().value(0).toMap();
    for (const QString &key :
        {u"phase"_s, u"endpoint"_s, u"via"_s, u"handshakeAgeSeconds"_s, u"rxBytes"_s, u"txBytes"_s}) {
        if (encoded.contains(key))
            map.insert(key, encoded.value(key));
    }
    putWays(map, waysTo(*peer, findPeer(facts.ledger, peer->publicKey)));
    return map;
}

QString pathSentence(const PathPreference &path)
{
    const QString address = path.address.toString();
    switch (path.use) {
    case Preference::None:
        return u"%1 is a way to %2 like any other."_s.arg(address, path.device);
    case Preference::Prefer:
        return u"%1 is preferred for %2 while it answers."_s.arg(address, path.device);
    case Preference::Pin:
        return u"%2 is reached at %1 only."_s.arg(address, path.device);
    case Preference::Forbid:
        return u"%1 is not used for %2 any more."_s.arg(address, path.device);
    }
    Q_UNREACHABLE();
}

} // namespace sallyport::cli
