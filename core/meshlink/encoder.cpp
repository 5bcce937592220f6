// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "core/meshlink/kinds.h"
#include "core/meshlink/value_writer.h"

namespace sallyport::meshlink {

namespace {

ByteWriter begun(quint8 kind)
{
    ByteWriter writer;
    writer.number(kVersion);
    writer.number(kind);
    return writer;
}

ByteWriter begun(ToMeshKind kind)
{
    return begun(static_cast<quint8>(kind));
}

ByteWriter begun(ToHelperKind kind)
{
    return begun(static_cast<quint8>(kind));
}

ByteWriter written(const HomeSetup &message)
{
    ByteWriter writer = begun(ToMeshKind::HomeSetup);
    writer.number(message.generation);
    writer.bytes(message.own.bytes);
    writer.number(message.listenPort);
    writer.number(message.interfaceIndex);
    writer.number(message.peerCount);
    writeList(writer, message.addresses, [&](const auto &address) { writeInterfaceAddress(writer, address); });
    return writer;
}

ByteWriter written(const PeerSetup &message)
{
    ByteWriter writer = begun(ToMeshKind::PeerSetup);
    writer.number(message.generation);
    writePeer(writer, message.peer);
    writer.bytes(message.pairKey); // last: memory that was outgrown has never held it
    return writer;
}

ByteWriter written(const HomeGone &)
{
    return begun(ToMeshKind::HomeGone);
}

ByteWriter written(const ProbeArrived &message)
{
    ByteWriter writer = begun(ToMeshKind::ProbeArrived);
    writeEndpoint(writer, message.source);
    writer.address(message.destination);
    writer.number(message.interfaceIndex);
    writePayload(writer, message.payload);
    return writer;
}

ByteWriter written(const Stats &message)
{
    ByteWriter writer = begun(ToMeshKind::Stats);
    writer.number(message.request);
    writer.flag(message.isLast);
    writeList(writer, message.peers, [&](const PeerStats &stats) { writeStats(writer, stats); });
    return writer;
}

ByteWriter written(const Moved &message)
{
    ByteWriter writer = begun(ToMeshKind::Moved);
    writer.number(message.request);
    writeEnum(writer, message.outcome);
    writeEndpoint(writer, message.now);
    return writer;
}

ByteWriter written(const Tried &message)
{
    ByteWriter writer = begun(ToMeshKind::Tried);
    writer.number(message.request);
    writer.flag(message.hasAnswered);
    writeEndpoint(writer, message.now);
    return writer;
}

ByteWriter written(const ActivitySeen &)
{
    return begun(ToMeshKind::ActivitySeen);
}

ByteWriter written(const SendProbe &message)
{
    ByteWriter writer = begun(ToHelperKind::SendProbe);
    writeEndpoint(writer, message.to);
    writer.number(message.interfaceIndex);
    writePayload(writer, message.payload);
    return writer;
}

ByteWriter written(const ReadStats &message)
{
    ByteWriter writer = begun(ToHelperKind::ReadStats);
    writer.number(message.request);
    return writer;
}

ByteWriter written(const MoveEndpoint &message)
{
    ByteWriter writer = begun(ToHelperKind::MoveEndpoint);
    writer.number(message.request);
    writer.bytes(message.peer.bytes);
    writeEndpoint(writer, message.to);
    writeDuration(writer, message.roundTrip);
    return writer;
}

ByteWriter written(const TryEndpoint &message)
{
    ByteWriter writer = begun(ToHelperKind::TryEndpoint);
    writer.number(message.request);
    writer.bytes(message.peer.bytes);
    writeEndpoint(writer, message.to);
    writeDuration(writer, message.window);
    return writer;
}

ByteWriter written(const OnLink &message)
{
    ByteWriter writer = begun(ToHelperKind::OnLink);
    writeList(writer, message.peers, [&](const auto &peer) {
        writer.bytes(peer.first.bytes);
        writer.number(peer.second);
    });
    return writer;
}

ByteWriter written(const WatchActivity &)
{
    return begun(ToHelperKind::WatchActivity);
}

} // namespace

QByteArray encode(const ToMesh &message)
{
    return std::visit([](const auto &value) { return written(value).take(); }, message);
}

QByteArray encode(const ToHelper &message)
{
    return std::visit([](const auto &value) { return written(value).take(); }, message);
}

} // namespace sallyport::meshlink
