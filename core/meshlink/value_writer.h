// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/wire/byte_writer.h"

#include <algorithm>
#include <limits>

/// How the values of messages are written; value_reader.h reads them.
namespace sallyport::meshlink {

template<class T, class Write>
void writeList(ByteWriter &writer, const std::vector<T> &values, Write write)
{
    writer.number(static_cast<quint16>(values.size()));
    for (const T &value : values)
        write(value);
}

template<class Enum>
void writeEnum(ByteWriter &writer, Enum value)
{
    writer.number(static_cast<quint8>(value));
}

/// As often as `Tick` fits into the duration, as 32 bits.
template<class Tick>
void writeDuration(ByteWriter &writer, Tick duration)
{
    constexpr qint64 kLongest = std::numeric_limits<quint32>::max();
    writer.number(static_cast<quint32>(std::clamp<qint64>(duration.count(), 0, kLongest)));
}

void writeEndpoint(ByteWriter &writer, const Endpoint &endpoint);
/// None if it is no place.
void writeEndpoint(ByteWriter &writer, const std::optional<Endpoint> &endpoint);
void writeInterfaceAddress(ByteWriter &writer, const InterfaceAddress &address);
void writePayload(ByteWriter &writer, const QByteArray &payload);
void writePeer(ByteWriter &writer, const PathPeer &peer);
void writeStats(ByteWriter &writer, const PeerStats &stats);

} // namespace sallyport::meshlink
