// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/picture/picture_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QLocale>

namespace sallyport {

PicturePage::PicturePage(QWidget *parent)
    : QWidget(parent), m_view(new PictureView(this)), m_slider(new QSlider(Qt::Horizontal, this)),
      m_time(plainLabel(this)), m_more(plainLabel(this))
{
    m_slider->setAccessibleName(tr("Time"));
    m_slider->setToolTip(tr("Slide back through what changed in the last 24 hours"));
    m_slider->setPageStep(1);
    m_slider->setRange(0, 0); // at its end, which is now
    m_time->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("00:00:00 ")) + 2 * kGrid);
    auto *row = new QHBoxLayout;
    row->addWidget(m_slider, 1);
    row->addWidget(m_time);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_more);
    layout->addLayout(row);
    setFocusProxy(m_slider);
    connect(m_slider, &QSlider::valueChanged, this, &PicturePage::showChosen);
}

void PicturePage::show(const std::vector<PictureMoment> &moments)
{
    const bool wasNow = m_slider->value() == m_slider->maximum();
    m_moments = moments;
    const int last = std::max(0, static_cast<int>(moments.size()) - 1);
    m_slider->setRange(0, last);
    m_slider->setEnabled(last > 0);
    if (wasNow)
        m_slider->setValue(last);
    showChosen();
}

void PicturePage::showChosen()
{
    if (m_moments.empty()) {
        m_view->show({});
        return;
    }
    const PictureMoment &moment = m_moments[static_cast<std::size_t>(m_slider->value())];
    const bool isNow = m_slider->value() == m_slider->maximum();
    m_view->show(moment.picture);
    m_time->setText(isNow ? tr("now") : QLocale().toString(moment.at.time(), u"HH:mm:ss"));
    m_more->setText(tr("More devices that are not drawn: %1").arg(moment.picture.more));
    m_more->setVisible(moment.picture.more > 0);
}

} // namespace sallyport
