// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/link.h"
#include "core/present/tray_model.h"

#include <QCoreApplication>

namespace sallyport {

/// The translation context of everything that present() says.
class Words {
    Q_DECLARE_TR_FUNCTIONS(sallyport::Words)
};

/// Of a switch that is on.
Glyph glyphOf(Phase phase);
/// One or two words for a switch; `off` is what it is called when it is.
QString stateOf(Glyph glyph, const QString &off);

/// One sentence and one piece of advice for each Errc.
Trouble troubleOf(const Error &error);
/// Why the helper cannot be asked; empty while it can.
Trouble troubleOf(Link::State state);

} // namespace sallyport
