// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/path_pen.h"

namespace sallyport {

QPen penFor(PathLine line, const QColor &colour, qreal width)
{
    QPen pen(colour, width);
    pen.setCapStyle(Qt::FlatCap);
    switch (line) {
    case PathLine::None:
        pen.setStyle(Qt::NoPen);
        break;
    case PathLine::Solid:
        break;
    case PathLine::Dashed:
        pen.setDashPattern({4, 2});
        break;
    case PathLine::Dotted:
        pen.setDashPattern({1, 1.5});
        break;
    }
    return pen;
}

} // namespace sallyport
