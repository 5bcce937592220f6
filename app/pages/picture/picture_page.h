// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/picture/picture_view.h"

#include <QLabel>
#include <QSlider>

namespace sallyport {

/// Who reaches whom how, now and in the last 24 hours.
class PicturePage : public QWidget {
    Q_OBJECT

public:
    explicit PicturePage(QWidget *parent = nullptr);

    /// The oldest first. While the slider is at its end it stays there: at now.
    void show(const std::vector<PictureMoment> &moments);
    using QWidget::show;

private:
    void showChosen();

    PictureView *m_view;
    QSlider *m_slider;
    QLabel *m_time;
    QLabel *m_more;
    std::vector<PictureMoment> m_moments;
};

} // namespace sallyport
