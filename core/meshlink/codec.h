// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/result.h"

#include <span>

namespace sallyport::meshlink {

/// Little-endian, version and kind first. At most kLargestMessage bytes; whoever sends keeps lists short enough.
QByteArray encode(const ToMesh &message);
QByteArray encode(const ToHelper &message);

/// Refused whole, with the place, if anything is out of bounds or left over.
Result<ToMesh> decodeToMesh(std::span<const quint8> bytes);
Result<ToHelper> decodeToHelper(std::span<const quint8> bytes);

} // namespace sallyport::meshlink
