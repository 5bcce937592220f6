// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/icons/glyph_painter.h"
#include "app/widgets/sparkline.h"
#include "core/present/tray_model.h"

#include <QCheckBox>
#include <QLabel>

namespace sallyport {

/// One big switch. Its whole area is the target; it moves only when a model says so. A QCheckBox to the keyboard and to
/// screen readers.
class SwitchCard : public QCheckBox {
    Q_OBJECT

public:
    explicit SwitchCard(Half half, QWidget *parent = nullptr);

    void show(const SwitchModel &model, const Traffic &traffic);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void requested(bool on);

protected:
    void nextCheckState() override;
    bool hitButton(const QPoint &point) const override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void paintFrame(QPainter &painter) const;
    void paintSwitch(QPainter &painter) const;
    QRect switchArea() const;
    void build();
    void showGlyph();
    void showTraffic();
    QColor accent() const;

    Half m_half;
    SwitchModel m_model;
    QLabel *m_glyph;
    QLabel *m_title;
    QLabel *m_state;
    QLabel *m_lines;
    Sparkline *m_sparkline;
    QLabel *m_rate;
    Traffic m_traffic;
};

} // namespace sallyport
