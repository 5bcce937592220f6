// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/devices/device_delegate.h"

#include "app/icons/ink.h"
#include "app/icons/path_pen.h"
#include "app/pages/devices/device_list_model.h"
#include "app/widgets/look.h"

#include <QApplication>
#include <QPainter>

namespace sallyport {

namespace {

constexpr int kPathWidth = 4 * kGrid;

/// A device that is silent is not "on, but", as a switch would be.
Glyph shadeOf(Glyph glyph)
{
    return glyph == Glyph::Doubtful ? Glyph::Starting : glyph;
}

} // namespace

QSize DeviceDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {kPathWidth, 2 * option.fontMetrics.height() + 2 * kGrid};
}

void DeviceDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto row = index.data(DeviceListModel::kRowRole).value<DeviceRow>();
    QStyleOptionViewItem ground = option;
    initStyleOption(&ground, index);
    ground.text.clear();
    ground.widget->style()->drawControl(QStyle::CE_ItemViewItem, &ground, painter, ground.widget);

    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QPalette &palette = option.palette;
    const QColor text = palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QRect inner = option.rect.adjusted(kGrid, kGrid, -kGrid, -kGrid);
    const auto visual = [&](const QRect &area) { return QStyle::visualRect(option.direction, option.rect, area); };
    painter->save();
    paintPath(*painter, row, visual(QRect(inner.topLeft(), QSize(kPathWidth, inner.height()))),
        isSelected ? text : inkOf(shadeOf(row.glyph), groundOf(palette.color(QPalette::Base))).colour);
    const int line = option.fontMetrics.height();
    const QRect words = inner.adjusted(kPathWidth + kGrid, 0, 0, 0);
    painter->setPen(text);
    painter->setFont(scaled(option.font, 1, true));
    paintLine(*painter, visual(QRect(words.topLeft(), QSize(words.width(), line))), row.name, row.roundTrip);
    painter->setFont(option.font);
    painter->setPen(isSelected ? text : quiet(palette));
    paintLine(*painter, visual(QRect(words.topLeft() + QPoint(0, line), QSize(words.width(), line))), row.path,
        row.handshake);
    painter->restore();
}

/// From here to there; there is filled where somebody answers, and a cross where somebody no longer does.
void DeviceDelegate::paintPath(QPainter &painter, const DeviceRow &row, const QRect &area, const QColor &colour)
{
    painter.setRenderHint(QPainter::Antialiasing);
    const qreal y = area.center().y() + 0.5;
    const bool isReversed = painter.layoutDirection() == Qt::RightToLeft;
    const qreal end = isReversed ? area.left() + 5 : area.right() - 5;
    const qreal start = isReversed ? area.right() - 1 : area.left() + 1;
    if (row.line != PathLine::None) {
        painter.setPen(penFor(row.line, colour, 2));
        painter.drawLine(QPointF(start, y), QPointF(end + (isReversed ? 5 : -5), y));
    }
    painter.setPen(QPen(colour, 1.5));
    if (row.glyph == Glyph::Doubtful) {
        painter.drawLine(QPointF(end - 4, y - 4), QPointF(end + 4, y + 4));
        painter.drawLine(QPointF(end - 4, y + 4), QPointF(end + 4, y - 4));
        return;
    }
    painter.setBrush(row.line == PathLine::None ? QBrush(Qt::NoBrush) : QBrush(colour));
    painter.drawEllipse(QPointF(end, y), 4, 4);
}

/// The remark stays whole; the text gives way.
void DeviceDelegate::paintLine(QPainter &painter, const QRect &area, const QString &text, const QString &remark)
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int reserved = remark.isEmpty() ? 0 : metrics.horizontalAdvance(remark) + kGrid;
    const QRect left = QStyle::visualRect(painter.layoutDirection(), area, area.adjusted(0, 0, -reserved, 0));
    const auto aligned = [&](Qt::Alignment alignment) {
        return int(QStyle::visualAlignment(painter.layoutDirection(), alignment) | Qt::AlignVCenter)
            | Qt::TextSingleLine;
    };
    painter.drawText(left, aligned(Qt::AlignLeft), metrics.elidedText(text, Qt::ElideRight, left.width()));
    painter.drawText(area, aligned(Qt::AlignRight), remark);
}

} // namespace sallyport
