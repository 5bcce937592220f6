// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/tray_model.h"

namespace sallyport {

Glyph exitGlyph(const Snapshot &snapshot);
/// One or two words.
QString exitState(const Snapshot &snapshot);
/// Where packets to the internet go, if anywhere.
QString exitSentence(const Snapshot &snapshot);
/// Which exit, whose it is, traffic.
QStringList exitLines(const Snapshot &snapshot);

} // namespace sallyport
