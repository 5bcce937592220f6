// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/window/page_id.h"

#include <QIcon>

namespace sallyport {

/// Line drawings on a grid of 16, in the colour of the text beside them. Drawn, because not every icon theme has them.
QIcon pageIcon(PageId page, const QPalette &palette);

/// A tick, a cross or a question that is open, for chains of statements.
enum class Mark { Good, Doubtful, Bad, Waiting };
QPixmap markPixmap(Mark mark, const QPalette &palette, int size, qreal devicePixelRatio);

} // namespace sallyport
