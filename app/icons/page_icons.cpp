// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/page_icons.h"

#include "app/icons/ink.h"

#include <QPainter>
#include <QPainterPath>
#include <QPalette>

#include <functional>

namespace sallyport {

namespace {

constexpr qreal kUnits = 16;
constexpr std::array kSizes = {16, 20, 24, 32, 48};

void addLine(QPainterPath &path, const QPointF &from, const QPointF &to)
{
    path.moveTo(from);
    path.lineTo(to);
}

/// Two switches.
QPainterPath overviewPath()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(1.5, 2.5, 13, 5), 2.5, 2.5);
    path.addEllipse(QPointF(12, 5), 1, 1);
    path.addRoundedRect(QRectF(1.5, 8.5, 13, 5), 2.5, 2.5);
    path.addEllipse(QPointF(4, 11), 1, 1);
    return path;
}

/// A screen on a foot.
QPainterPath devicesPath()
{
    QPainterPath path;
    path.addRoundedRect(QRectF(1.5, 2.5, 13, 8), 1, 1);
    addLine(path, {8, 10.5}, {8, 13.5});
    addLine(path, {4.5, 13.5}, {11.5, 13.5});
    return path;
}

/// Out of a door.
QPainterPath exitsPath()
{
    QPainterPath path(QPointF(8.5, 2.5));
    path.lineTo(2.5, 2.5);
    path.lineTo(2.5, 13.5);
    path.lineTo(8.5, 13.5);
    addLine(path, {6, 8}, {14, 8});
    path.moveTo(10.5, 4.5);
    path.lineTo(14, 8);
    path.lineTo(10.5, 11.5);
    return path;
}

/// One in the middle and three around it.
QPainterPath picturePath()
{
    QPainterPath path;
    for (const QPointF &end : {QPointF(3, 3.5), QPointF(13, 4.5), QPointF(6, 13.5)}) {
        addLine(path, {8, 8}, end);
        path.addEllipse(end, 1.5, 1.5);
    }
    path.addEllipse(QPointF(8, 8), 2, 2);
    return path;
}

/// A clock.
QPainterPath activityPath()
{
    QPainterPath path;
    path.addEllipse(QRectF(1.5, 1.5, 13, 13));
    path.moveTo(8, 4);
    path.lineTo(8, 8);
    path.lineTo(11, 10);
    return path;
}

/// A pulse.
QPainterPath diagnosePath()
{
    QPainterPath path(QPointF(1, 8.5));
    for (const QPointF &point :
        {QPointF(4.5, 8.5), QPointF(6.5, 3), QPointF(9.5, 13.5), QPointF(11.5, 8.5), QPointF(15, 8.5)})
        path.lineTo(point);
    return path;
}

/// Sliders.
QPainterPath settingsPath()
{
    QPainterPath path;
    for (const auto &[y, knob] : {std::pair(3.5, 10.0), std::pair(8.0, 5.0), std::pair(12.5, 11.5)}) {
        addLine(path, {1.5, y}, {knob - 1.5, y});
        addLine(path, {knob + 1.5, y}, {14.5, y});
        path.addEllipse(QPointF(knob, y), 1.5, 1.5);
    }
    return path;
}

QPainterPath pathOf(PageId page)
{
    switch (page) {
    case PageId::Overview:
        return overviewPath();
    case PageId::Devices:
        return devicesPath();
    case PageId::Exits:
        return exitsPath();
    case PageId::Picture:
        return picturePath();
    case PageId::Activity:
        return activityPath();
    case PageId::Diagnose:
        return diagnosePath();
    case PageId::Settings:
        return settingsPath();
    }
    Q_UNREACHABLE();
}

QPixmap drawn(const QPainterPath &path, const QColor &colour, int size, qreal devicePixelRatio, qreal width)
{
    QPixmap pixmap(QSizeF(size * devicePixelRatio, size * devicePixelRatio).toSize());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(size * devicePixelRatio / kUnits, size * devicePixelRatio / kUnits);
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.end();
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QPainterPath pathOf(Mark mark)
{
    QPainterPath path;
    switch (mark) {
    case Mark::Good:
        path.moveTo(2.5, 8.5);
        path.lineTo(6.5, 12.5);
        path.lineTo(13.5, 4);
        break;
    case Mark::Doubtful: // a warning: an exclamation mark
        addLine(path, {8, 2.5}, {8, 9});
        path.addEllipse(QPointF(8, 13), 0.4, 0.4);
        break;
    case Mark::Bad:
        addLine(path, {3.5, 3.5}, {12.5, 12.5});
        addLine(path, {12.5, 3.5}, {3.5, 12.5});
        break;
    case Mark::Waiting:
        for (const qreal x : {3.5, 8.0, 12.5})
            path.addEllipse(QPointF(x, 8), 0.4, 0.4);
        break;
    }
    return path;
}

Glyph glyphOf(Mark mark)
{
    switch (mark) {
    case Mark::Good:
        return Glyph::On;
    case Mark::Doubtful:
    case Mark::Waiting:
        return Glyph::Starting;
    case Mark::Bad:
        return Glyph::Attention;
    }
    Q_UNREACHABLE();
}

} // namespace

QIcon pageIcon(PageId page, const QPalette &palette)
{
    QIcon icon;
    for (const int size : kSizes) {
        icon.addPixmap(drawn(pathOf(page), palette.color(QPalette::Text), size, 1, 1.2), QIcon::Normal);
        icon.addPixmap(drawn(pathOf(page), palette.color(QPalette::HighlightedText), size, 1, 1.2), QIcon::Selected);
    }
    return icon;
}

QPixmap markPixmap(Mark mark, const QPalette &palette, int size, qreal devicePixelRatio)
{
    const Ink ink = inkOf(glyphOf(mark), groundOf(palette.color(QPalette::Base)));
    return drawn(pathOf(mark), ink.colour, size, devicePixelRatio, 2);
}

} // namespace sallyport
