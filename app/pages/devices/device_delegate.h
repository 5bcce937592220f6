// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/device_rows.h"

#include <QStyledItemDelegate>

namespace sallyport {

/// A device in two lines: name and round trip, path and handshake. The path is a line, too: solid on this network, dashed
/// through the internet, dotted through another device.
class DeviceDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    static void paintPath(QPainter &painter, const DeviceRow &row, const QRect &area, const QColor &colour);
    static void paintLine(QPainter &painter, const QRect &area, const QString &text, const QString &remark);
};

} // namespace sallyport
