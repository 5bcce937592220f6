// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/wire/byte_reader.h"

/// How the values of messages are read: each is checked by itself, and refused with its place.
namespace sallyport::meshlink {

/// Linux counts interfaces from 1 in an int.
inline constexpr quint32 kLargestIndex = 0x7fffffff;

/// Where somebody is, or was seen (isPlace).
Endpoint readPlace(ByteReader &reader, const char *name);
std::optional<Endpoint> readOptionalPlace(ByteReader &reader, const char *name);
/// Where something is to be sent (isTarget).
Endpoint readTarget(ByteReader &reader, const char *name);
InterfaceAddress readInterfaceAddress(ByteReader &reader);
PublicKey readKey(ByteReader &reader, const char *name);
QByteArray readPayload(ByteReader &reader, const char *name);
PathPeer readPeer(ByteReader &reader, const char *name);
PeerStats readStats(ByteReader &reader);

} // namespace sallyport::meshlink
