// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/tray_model.h"

namespace sallyport {

Glyph homeGlyph(const HomeSnapshot &home);
/// One or two words.
QString homeState(const HomeSnapshot &home);
QString homeSentence(const HomeSnapshot &home);
/// Devices, where the first of them is, traffic.
QStringList homeLines(const HomeSnapshot &home);

/// `1.2 MB received, 300 kB sent`; empty when nothing has moved.
QString trafficLine(quint64 receivedBytes, quint64 sentBytes);

} // namespace sallyport
