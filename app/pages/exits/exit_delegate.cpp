// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/exits/exit_delegate.h"

#include "app/icons/ink.h"
#include "app/pages/exits/exit_list_model.h"
#include "app/widgets/look.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QWidget>

#include <cmath>
#include <numbers>

namespace sallyport {

namespace {

constexpr int kMark = 2 * kGrid;

QPolygonF star(const QPointF &centre, qreal radius)
{
    QPolygonF points;
    for (int corner = 0; corner < 10; ++corner) {
        const qreal angle = std::numbers::pi * (corner / 5.0 - 0.5);
        const qreal reach = corner % 2 == 0 ? radius : radius * 0.42;
        points.append(centre + QPointF(std::cos(angle), std::sin(angle)) * reach);
    }
    return points;
}

/// A ring; filled while in use, half filled while only chosen.
void paintMark(QPainter &painter, const QRectF &box, const ExitItem &item, const QColor &colour)
{
    const QRectF ring = box.adjusted(2, 2, -2, -2);
    painter.setPen(QPen(colour, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(ring);
    if (!item.isChosen)
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    if (item.isInUse)
        painter.drawEllipse(ring.adjusted(3, 3, -3, -3));
    else
        painter.drawChord(ring.adjusted(3, 3, -3, -3), 180 * 16, 180 * 16);
}

} // namespace

QSize ExitDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const bool isHeading = !index.data(ExitListModel::kItemRole).isValid();
    return {10 * kGrid, option.fontMetrics.height() + (isHeading ? 3 : 2) * kGrid};
}

void ExitDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant value = index.data(ExitListModel::kItemRole);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (!value.isValid()) {
        paintHeading(*painter, option, index.data().toString());
        painter->restore();
        return;
    }
    QStyleOptionViewItem ground = option;
    initStyleOption(&ground, index);
    ground.text.clear();
    ground.widget->style()->drawControl(QStyle::CE_ItemViewItem, &ground, painter, ground.widget);
    paintExit(*painter, option, value.value<ExitItem>());
    painter->restore();
}

void ExitDelegate::paintExit(QPainter &painter, const QStyleOptionViewItem &option, const ExitItem &item)
{
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor text = option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QColor lit = inkOf(Glyph::On, groundOf(option.palette.color(QPalette::Base))).colour;
    const QRect inner = option.rect.adjusted(kGrid, 0, -kGrid, 0);
    const QRect box(inner.left(), inner.center().y() - kMark / 2, kMark, kMark);
    paintMark(painter, QStyle::visualRect(option.direction, option.rect, box), item,
        isSelected ? text : (item.isInUse ? lit : quiet(option.palette)));
    painter.setPen(text);
    painter.setFont(scaled(option.font, 1, item.isInUse));
    const QRect words
        = QStyle::visualRect(option.direction, option.rect, inner.adjusted(kMark + kGrid, 0, -kMark - kGrid, 0));
    const QString name = item.isPending ? tr("%1 – asking…").arg(item.name) : item.name;
    painter.drawText(words, Qt::AlignVCenter | Qt::TextSingleLine,
        painter.fontMetrics().elidedText(name, Qt::ElideRight, words.width()));
    painter.setPen(QPen(isSelected ? text : quiet(option.palette), 1));
    painter.setBrush(item.isFavourite ? QBrush(painter.pen().color()) : QBrush(Qt::NoBrush));
    painter.drawPolygon(star(QRectF(starArea(option)).center(), kMark / 2.0 - 1));
}

bool ExitDelegate::editorEvent(
    QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const auto *mouse = dynamic_cast<const QMouseEvent *>(event);
    const QRect target = starArea(option).adjusted(-kGrid, -kGrid, kGrid, kGrid);
    const bool isExit = index.data(ExitListModel::kItemRole).isValid();
    if (!mouse || !isExit || !target.contains(mouse->position().toPoint()))
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    if (mouse->type() == QEvent::MouseButtonRelease)
        Q_EMIT favouriteClicked(index.data().toString());
    return true;
}

void ExitDelegate::paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QString &title)
{
    painter.setFont(scaled(option.font, 1, true));
    painter.setPen(quiet(option.palette));
    painter.drawText(option.rect.adjusted(kGrid, kGrid, -kGrid, -kGrid / 2), Qt::AlignBottom | Qt::TextSingleLine,
        painter.fontMetrics().elidedText(title, Qt::ElideRight, option.rect.width() - 2 * kGrid));
}

QRect ExitDelegate::starArea(const QStyleOptionViewItem &option)
{
    const QRect box(option.rect.right() - kGrid - kMark, option.rect.center().y() - kMark / 2, kMark, kMark);
    return QStyle::visualRect(option.direction, option.rect, box);
}

} // namespace sallyport
