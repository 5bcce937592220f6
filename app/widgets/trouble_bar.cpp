// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/trouble_bar.h"

#include "app/icons/glyph_painter.h"

#include <QEvent>
#include <QGridLayout>

namespace sallyport {

namespace {

constexpr int kGrid = 8;
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
    : QFrame(parent), m_glyph(new QLabel(this)), m_what(addText(this)), m_todo(addText(this)), m_detail(addText(this)),
      m_close(new QPushButton(tr("Close"), this))
{
    setFrameShape(QFrame::StyledPanel);
    QFont font = m_what->font();
    font.setBold(true);
    m_what->setFont(font);
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(kGrid, kGrid, kGrid, kGrid);
    layout->setHorizontalSpacing(kGrid);
    layout->setVerticalSpacing(kGrid / 2);
    layout->addWidget(m_glyph, 0, 0, Qt::AlignTop);
    layout->addWidget(m_what, 0, 1);
    layout->addWidget(m_close, 0, 2, Qt::AlignTop);
    layout->addWidget(m_todo, 1, 1, 1, 2);
    layout->addWidget(m_detail, 2, 1, 1, 2);
    layout->setColumnStretch(1, 1);
    m_detail->setForegroundRole(QPalette::PlaceholderText);
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
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showGlyph();
}

void TroubleBar::showGlyph()
{
    const Ink ink = inkOf(Glyph::Attention, groundOf(palette().color(QPalette::Window)));
    m_glyph->setPixmap(glyphPixmap(Half::Shield, Glyph::Attention, ink, kGlyphSize, devicePixelRatioF()));
}

} // namespace sallyport
