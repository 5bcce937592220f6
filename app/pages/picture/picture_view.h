// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/picture.h"

#include <QWidget>

namespace sallyport {

/// Draws the picture: we in the middle, devices around us by path, the exit as a gate at the right edge.
class PictureView : public QWidget {
    Q_OBJECT

public:
    explicit PictureView(QWidget *parent = nullptr);

    void show(const PictureModel &picture);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void paintMe(QPainter &painter, const QPointF &me) const;
    void paintNode(QPainter &painter, const PictureNode &node, const QPointF &at, const QPointF &me) const;
    void paintGate(QPainter &painter, const QPointF &me) const;
    void paintName(QPainter &painter, const QPointF &at, const QPointF &direction, const QString &name) const;
    QColor inkFor(Glyph glyph) const;

    PictureModel m_picture;
};

} // namespace sallyport
