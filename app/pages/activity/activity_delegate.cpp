// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/activity/activity_delegate.h"

#include "app/pages/activity/activity_list_model.h"
#include "app/widgets/look.h"

#include <QListView>
#include <QPainter>

namespace sallyport {

namespace {

int timeWidth(const QFontMetrics &metrics, const QString &time)
{
    return std::max(metrics.horizontalAdvance(QStringLiteral("00:00:00")), metrics.horizontalAdvance(time)) + 2 * kGrid;
}

} // namespace

QSize ActivityDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto entry = index.data(ActivityListModel::kEntryRole).value<ActivityEntry>();
    const auto *view = qobject_cast<const QListView *>(option.widget);
    const int width = view ? view->viewport()->width() : 60 * kGrid;
    const int taken = timeWidth(option.fontMetrics, ActivityListModel::timeText(entry.at)) + 2 * kGrid;
    const QRect needed = option.fontMetrics.boundingRect(
        QRect(0, 0, std::max(10 * kGrid, width - taken), 10000), Qt::TextWordWrap, entry.change.sentence);
    return {20 * kGrid, needed.height() + kGrid};
}

void ActivityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const auto entry = index.data(ActivityListModel::kEntryRole).value<ActivityEntry>();
    QStyleOptionViewItem ground = option;
    initStyleOption(&ground, index);
    ground.text.clear();
    ground.widget->style()->drawControl(QStyle::CE_ItemViewItem, &ground, painter, ground.widget);
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QColor text = option.palette.color(isSelected ? QPalette::HighlightedText : QPalette::Text);
    const QRect inner = option.rect.adjusted(kGrid, kGrid / 2, -kGrid, -kGrid / 2);
    const QString time = ActivityListModel::timeText(entry.at);
    const int taken = timeWidth(option.fontMetrics, time);
    painter->save();
    painter->setPen(isSelected ? text : quiet(option.palette));
    painter->drawText(QStyle::visualRect(option.direction, option.rect, inner), Qt::AlignTop, time);
    painter->setPen(text);
    painter->drawText(QStyle::visualRect(option.direction, option.rect, inner.adjusted(taken, 0, 0, 0)),
        Qt::AlignTop | Qt::TextWordWrap, entry.change.sentence);
    painter->restore();
}

} // namespace sallyport
