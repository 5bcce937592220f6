// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "core/meshlink/kinds.h"
#include "core/meshlink/value_reader.h"

#include <algorithm>

namespace sallyport::meshlink {

using namespace Qt::StringLiterals;

namespace {

ToMesh readHomeSetup(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("homeSetup");
    HomeSetup message;
    message.generation = reader.number<quint64>("generation");
    message.own = readKey(reader, "own");
    message.listenPort = reader.number<quint16>("listenPort", 1);
    message.interfaceIndex = reader.number<quint32>("interfaceIndex", 1, kLargestIndex);
    message.peerCount = reader.number<quint32>("peerCount", 0, kMostPeers);
    message.addresses = reader.list("addresses", kMostAddresses, [&] { return readInterfaceAddress(reader); });
    return message;
}

ToMesh readPeerSetup(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("peerSetup");
    PeerSetup message;
    message.generation = reader.number<quint64>("generation");
    message.peer = readPeer(reader, "peer");
    const auto pairKey = reader.bytes("pairKey", message.pairKey.size());
    std::ranges::copy(pairKey, message.pairKey.begin());
    return message;
}

ToMesh readProbeArrived(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("probeArrived");
    ProbeArrived message;
    message.source = readPlace(reader, "source");
    message.destination = reader.address("destination");
    message.interfaceIndex = reader.number<quint32>("interfaceIndex", 1, kLargestIndex);
    message.payload = readPayload(reader, "payload");
    return message;
}

ToMesh readStatsMessage(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("stats");
    Stats message;
    message.request = reader.number<quint32>("request");
    message.isLast = reader.flag("isLast");
    message.peers = reader.list("peers", kMostStats, [&] { return readStats(reader); });
    return message;
}

ToMesh readMoved(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("moved");
    Moved message;
    message.request = reader.number<quint32>("request");
    message.outcome = reader.oneOf("outcome", MoveOutcome::Refused);
    message.now = readOptionalPlace(reader, "now");
    return message;
}

ToMesh readTried(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("tried");
    Tried message;
    message.request = reader.number<quint32>("request");
    message.hasAnswered = reader.flag("hasAnswered");
    message.now = readOptionalPlace(reader, "now");
    return message;
}

ToHelper readSendProbe(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("sendProbe");
    SendProbe message;
    message.to = readTarget(reader, "to");
    message.interfaceIndex = reader.number<quint32>("interfaceIndex", 0, kLargestIndex);
    message.payload = readPayload(reader, "payload");
    return message;
}

ToHelper readReadStats(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("readStats");
    return ReadStats{reader.number<quint32>("request")};
}

ToHelper readMoveEndpoint(ByteReader &reader)
{
    constexpr quint32 kLongest = std::chrono::microseconds(kLongestRoundTrip).count();
    const ByteReader::Place place = reader.in("moveEndpoint");
    MoveEndpoint message;
    message.request = reader.number<quint32>("request");
    message.peer = readKey(reader, "peer");
    message.to = readTarget(reader, "to");
    message.roundTrip = std::chrono::microseconds(reader.number<quint32>("roundTrip", 0, kLongest));
    return message;
}

ToHelper readTryEndpoint(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("tryEndpoint");
    TryEndpoint message;
    message.request = reader.number<quint32>("request");
    message.peer = readKey(reader, "peer");
    message.to = readTarget(reader, "to");
    message.window = std::chrono::milliseconds(reader.number<quint32>("window", 1, kLongestTrial.count()));
    return message;
}

ToHelper readOnLink(ByteReader &reader)
{
    const ByteReader::Place place = reader.in("onLink");
    return OnLink{reader.list("peers", kMostOnLink, [&] {
        const PublicKey key = readKey(reader, "publicKey");
        return std::pair(key, reader.number<quint32>("interfaceIndex", 1, kLargestIndex));
    })};
}

ToMesh readToMesh(ByteReader &reader, quint8 kind)
{
    switch (static_cast<ToMeshKind>(kind)) {
    case ToMeshKind::HomeSetup:
        return readHomeSetup(reader);
    case ToMeshKind::PeerSetup:
        return readPeerSetup(reader);
    case ToMeshKind::HomeGone:
        return HomeGone{};
    case ToMeshKind::ProbeArrived:
        return readProbeArrived(reader);
    case ToMeshKind::Stats:
        return readStatsMessage(reader);
    case ToMeshKind::Moved:
        return readMoved(reader);
    case ToMeshKind::Tried:
        return readTried(reader);
    case ToMeshKind::ActivitySeen:
        return ActivitySeen{};
    }
    reader.refuse("kind", u"There is no message of kind %1 to meshd."_s.arg(kind));
    return HomeGone{};
}

ToHelper readToHelper(ByteReader &reader, quint8 kind)
{
    switch (static_cast<ToHelperKind>(kind)) {
    case ToHelperKind::SendProbe:
        return readSendProbe(reader);
    case ToHelperKind::ReadStats:
        return readReadStats(reader);
    case ToHelperKind::MoveEndpoint:
        return readMoveEndpoint(reader);
    case ToHelperKind::TryEndpoint:
        return readTryEndpoint(reader);
    case ToHelperKind::OnLink:
        return readOnLink(reader);
    case ToHelperKind::WatchActivity:
        return WatchActivity{};
    }
    reader.refuse("kind", u"There is no message of kind %1 to the helper."_s.arg(kind));
    return WatchActivity{};
}

template<class Message>
Result<Message> decoded(std::span<const quint8> bytes, Message (*read)(ByteReader &, quint8))
{
    if (bytes.size() > kLargestMessage)
        return Error{Errc::LimitExceeded,
            u"A message of %1 bytes is too long; at most %2."_s.arg(bytes.size()).arg(kLargestMessage), u"end"_s};
    ByteReader reader(bytes);
    reader.number<quint8>("version", kVersion, kVersion);
    const auto kind = reader.number<quint8>("kind");
    Message message = read(reader, kind);
    reader.end();
    if (reader.refusal())
        return *reader.refusal();
    return message;
}

} // namespace

Result<ToMesh> decodeToMesh(std::span<const quint8> bytes)
{
    return decoded<ToMesh>(bytes, readToMesh);
}

Result<ToHelper> decodeToHelper(std::span<const quint8> bytes)
{
    return decoded<ToHelper>(bytes, readToHelper);
}

} // namespace sallyport::meshlink
