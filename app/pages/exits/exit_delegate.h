// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/exit_sections.h"

#include <QStyledItemDelegate>

namespace sallyport {

/// An exit in one line: whether it is in use, its name, and a star that makes it a favourite.
class ExitDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

Q_SIGNALS:
    void favouriteClicked(const QString &exit);

protected:
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
        const QModelIndex &index) override;

private:
    static void paintExit(QPainter &painter, const QStyleOptionViewItem &option, const ExitItem &item);
    static void paintHeading(QPainter &painter, const QStyleOptionViewItem &option, const QString &title);
    static QRect starArea(const QStyleOptionViewItem &option);
};

} // namespace sallyport
