// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/trouble_bar.h"

#include "app/icons/glyph_painter.h"
#include "app/widgets/look.h"

#include <QEvent>
#include <QGridLayout>

namespace sallyport {

namespace {

constexpr int kGlyphSize = 3 * kGrid;

QLabel *addText(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

TroubleBar::TroubleBar(QWidget *parent)
    : QWidget(parent), m_frame(new QFrame(this)), m_glyph(new QLabel(m_frame)), m_what(addText(m_frame)),
      m_todo(addText(m_frame)), m_detail(addText(m_frame)), m_close(new QPushButton(tr("Close"), m_frame))
{
    m_frame->setFrameShape(QFrame::StyledPanel);
    auto *around = new QVBoxLayout(this);
    around->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 0);
    around->addWidget(m_frame);
    QFont font = m_what->font();
    font.setBold(true);
    m_what->setFont(font);
    auto *layout = new QGridLayout(m_frame);
    layout->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    layout->setHorizontalSpacing(kGrid);
    layout->setVerticalSpacing(kGrid / 2);
    layout->addWidget(m_glyph, 0, 0, Qt::AlignTop);
    layout->addWidget(m_what, 0, 1);
    layout->addWidget(m_close, 0, 2, Qt::AlignTop);
    layout->addWidget(m_todo, 1, 1, 1, 2);
    layout->addWidget(m_detail, 2, 1, 1, 2);
    layout->setColumnStretch(1, 1);
    connect(m_close, &QPushButton::clicked, this, &TroubleBar::dismissed);
    showGlyph();
    setVisible(false);
}

void TroubleBar::show(const Trouble &trouble, bool canDismiss)
{
    m_what->setText(trouble.what);
    m_todo->setText(trouble.todo);
    m_detail->setText(trouble.detail);
    m_detail->setVisible(!trouble.detail.isEmpty());
    m_close->setVisible(canDismiss);
    setVisible(!trouble.isEmpty());
}

void TroubleBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showGlyph();
}

void TroubleBar::showGlyph()
{
    QPalette pale = palette();
    pale.setColor(QPalette::WindowText, quiet(palette()));
    m_detail->setPalette(pale);
    const Ink ink = inkOf(Glyph::Attention, groundOf(palette().color(QPalette::Window)));
    m_glyph->setPixmap(glyphPixmap(Half::Shield, Glyph::Attention, ink, kGlyphSize, devicePixelRatioF()));
}

} // namespace sallyport
