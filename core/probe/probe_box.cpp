// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/probe_box.h"

#include "core/wire/byte_reader.h"
#include "core/wire/byte_writer.h"

#include <algorithm>

namespace sallyport {

namespace {

enum class Kind : quint8 { Ping = 1, Pong = 2 };

constexpr quint8 kNominates = 1;
constexpr quint8 kAsksToInitiate = 2;
constexpr quint8 kAllFlags = kNominates | kAsksToInitiate;

void writeHead(ByteWriter &writer, Kind kind, quint8 flags, quint64 transaction)
{
    writer.number(static_cast<quint8>(kind));
    writer.number(flags);
    writer.number(transaction);
}

void write(ByteWriter &writer, const Ping &ping)
{
    const int flags = (ping.nominates ? kNominates : 0) | (ping.asksToInitiate ? kAsksToInitiate : 0);
    writeHead(writer, Kind::Ping, static_cast<quint8>(flags), ping.transaction);
    writer.bytes(ping.network);
}

void write(ByteWriter &writer, const Pong &pong)
{
    constexpr qint64 kLongest = std::numeric_limits<quint32>::max();
    writeHead(writer, Kind::Pong, 0, pong.transaction);
    writer.address(pong.seenFrom.address);
    writer.number(pong.seenFrom.port);
    writer.address(pong.receivedAt);
    writer.number(static_cast<quint32>(std::clamp<qint64>(pong.held.count(), 0, kLongest)));
    writer.bytes(pong.network);
}

Probe readPing(ByteReader &reader)
{
    Ping ping;
    const auto flags = reader.number<quint8>("flags", 0, kAllFlags);
    ping.nominates = (flags & kNominates) != 0;
    ping.asksToInitiate = (flags & kAsksToInitiate) != 0;
    ping.transaction = reader.number<quint64>("transaction");
    ping.network = reader.array<sizeof(NetworkPrint)>("network");
    return ping;
}

Probe readPong(ByteReader &reader)
{
    Pong pong;
    reader.number<quint8>("flags", 0, 0);
    pong.transaction = reader.number<quint64>("transaction");
    pong.seenFrom.address = reader.address("seenFrom");
    pong.seenFrom.port = reader.number<quint16>("seenFrom", 1);
    pong.receivedAt = reader.address("receivedAt");
    pong.held = std::chrono::microseconds(reader.number<quint32>("held"));
    pong.network = reader.array<sizeof(NetworkPrint)>("network");
    return pong;
}

} // namespace

std::array<quint8, kBoxSize> boxed(const Probe &probe)
{
    ByteWriter writer;
    std::visit([&](const auto &value) { write(writer, value); }, probe);
    writer.zeroesUpTo(kBoxSize);
    std::array<quint8, kBoxSize> box{};
    std::ranges::transform(writer.take(), box.begin(), [](char byte) { return static_cast<quint8>(byte); });
    return box;
}

std::optional<Probe> unboxed(std::span<const quint8, kBoxSize> box)
{
    ByteReader reader(box);
    const auto kind = reader.number<quint8>("kind", static_cast<quint8>(Kind::Ping), static_cast<quint8>(Kind::Pong));
    const Probe probe = kind == static_cast<quint8>(Kind::Ping) ? readPing(reader) : readPong(reader);
    reader.padding("padding");
    return reader.isSound() ? std::optional(probe) : std::nullopt;
}

} // namespace sallyport
