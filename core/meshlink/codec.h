// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/result.h"

#include <span>

namespace sallyport::meshlink {

/// Little-endian, version and kind first. At most kLargestMessage bytes; whoever sends keeps lists as short as messages.h
/// says. What the kernel has as an endpoint and what is none (isPlace) is left out. A PeerSetup holds a secret: whoever
/// has sent it wipes it.
QByteArray encode(const ToMesh &message);
QByteArray encode(const ToHelper &message);

/// An address and a port that somebody can have: what came from elsewhere cannot be answered or told.
bool isPlace(const Endpoint &endpoint);
/// A place outside of this machine, with its interface if it is link-local.
bool isTarget(const Endpoint &endpoint);

/// Refused whole, with the place, if anything is out of bounds or left over.
Result<ToMesh> decodeToMesh(std::span<const quint8> bytes);
Result<ToHelper> decodeToHelper(std::span<const quint8> bytes);

} // namespace sallyport::meshlink
