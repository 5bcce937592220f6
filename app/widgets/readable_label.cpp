// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/readable_label.h"

#include <QPainter>
#include <QStyle>

namespace sallyport {

ReadableLabel::ReadableLabel(QWidget *parent) : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setAlignment(Qt::AlignTop | Qt::AlignLeading);
}

void ReadableLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(QPalette::Active, QPalette::WindowText));
    const Qt::Alignment side = QStyle::visualAlignment(layoutDirection(), alignment());
    painter.drawText(contentsRect(), int(side) | Qt::TextWordWrap, text());
}

} // namespace sallyport
