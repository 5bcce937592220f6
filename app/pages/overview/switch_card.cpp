// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/overview/switch_card.h"

#include "app/widgets/look.h"
#include "app/widgets/readable_label.h"

#include <QEvent>
#include <QGridLayout>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace sallyport {

namespace {

constexpr int kGlyphSize = 5 * kGrid;
constexpr int kHighest = 42 * kGrid;
constexpr QSize kSwitch(6 * kGrid, 26);

template<class Label>
Label *added(Label *label, qreal scale)
{
    label->setAttribute(Qt::WA_TransparentForMouseEvents);
    label->setTextFormat(Qt::PlainText);
    label->setFont(scaled(label->font(), scale, scale > kLarge));
    return label;
}

} // namespace

SwitchCard::SwitchCard(Half half, QWidget *parent)
    : QCheckBox(parent), m_half(half), m_glyph(added(new QLabel(this), 1)), m_title(added(new QLabel(this), kHuge)),
      m_state(added(new ReadableLabel(this), kLarge)), m_lines(added(new ReadableLabel(this), 1)),
      m_sparkline(new Sparkline(this)), m_rate(added(new ReadableLabel(this), 1))
{
    build();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
}

void SwitchCard::build()
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setHorizontalSpacing(2 * kGrid);
    layout->setVerticalSpacing(kGrid);
    layout->addWidget(m_glyph, 0, 0);
    layout->addWidget(m_title, 0, 1);
    layout->setColumnMinimumWidth(2, kSwitch.width());
    layout->addWidget(m_state, 1, 0, 1, 3);
    layout->addWidget(m_lines, 2, 0, 1, 3);
    layout->setColumnStretch(1, 1);
    layout->setRowStretch(3, 1);
    layout->setRowStretch(4, 4);
    setMaximumHeight(kHighest);
    layout->addWidget(m_sparkline, 4, 0, 1, 3);
    layout->addWidget(m_rate, 5, 0, 1, 3);
}

void SwitchCard::show(const SwitchModel &model, const Traffic &traffic)
{
    m_model = model;
    m_traffic = traffic;
    m_title->setText(model.title);
    m_state->setText(model.state);
    m_lines->setText(model.lines.join(u'\n'));
    setAccessibleName(model.title);
    setAccessibleDescription((QStringList{model.state} + model.lines).join(QStringLiteral(". ")));
    setChecked(model.checked);
    setEnabled(model.enabled);
    showGlyph();
    showTraffic();
    updateGeometry();
    update();
}

QSize SwitchCard::sizeHint() const
{
    return layout()->sizeHint().expandedTo({30 * kGrid, 30 * kGrid});
}

QSize SwitchCard::minimumSizeHint() const
{
    // High enough for lines that wrap even at the smallest width.
    constexpr int kWidth = 26 * kGrid;
    const int least = std::max(kWidth, layout()->minimumSize().width());
    return {least, std::max(16 * kGrid, layout()->totalHeightForWidth(least))};
}

void SwitchCard::nextCheckState()
{
    Q_EMIT requested(!isChecked());
}

bool SwitchCard::hitButton(const QPoint &point) const
{
    return rect().contains(point);
}

void SwitchCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintFrame(painter);
    paintSwitch(painter);
}

void SwitchCard::paintFrame(QPainter &painter) const
{
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    QColor line = hasFocus() ? palette().color(QPalette::Highlight) : palette().color(QPalette::Mid);
    if (isChecked() && !hasFocus())
        line = accent();
    const bool lit = isEnabled() && (underMouse() || isDown());
    painter.setPen(QPen(line, hasFocus() ? 2 : 1));
    painter.setBrush(palette().color(lit ? QPalette::AlternateBase : QPalette::Base));
    painter.drawRoundedRect(frame, kGrid, kGrid);
}

/// A track with a knob: its place says on or off, colour only repeats it.
void SwitchCard::paintSwitch(QPainter &painter) const
{
    const QRectF track = switchArea();
    const qreal radius = track.height() / 2;
    const bool on = isChecked();
    const QColor line
        = isEnabled() ? (on ? accent() : palette().color(QPalette::PlaceholderText)) : palette().color(QPalette::Mid);
    painter.setPen(QPen(line, 2));
    painter.setBrush(on ? QBrush(line) : Qt::NoBrush);
    painter.drawRoundedRect(track, radius, radius);
    const qreal side = track.height() - 10;
    const QPointF knob(on ? track.right() - radius : track.left() + radius, track.center().y());
    painter.setPen(Qt::NoPen);
    painter.setBrush(on ? palette().color(QPalette::Base) : line);
    painter.drawEllipse(knob, side / 2, side / 2);
}

QRect SwitchCard::switchArea() const
{
    const QRect row(2 * kGrid, m_glyph->y(), width() - 4 * kGrid, m_glyph->height());
    return QStyle::alignedRect(layoutDirection(), Qt::AlignRight | Qt::AlignVCenter, kSwitch, row);
}

void SwitchCard::changeEvent(QEvent *event)
{
    QCheckBox::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        showGlyph();
        showTraffic();
    }
}

void SwitchCard::showGlyph()
{
    const Ink ink = inkOf(m_model.glyph, groundOf(palette().color(QPalette::Base)));
    m_glyph->setPixmap(glyphPixmap(m_half, m_model.glyph, ink, kGlyphSize, devicePixelRatioF()));
}

/// The curve keeps its place while it is empty: cards do not jump.
void SwitchCard::showTraffic()
{
    m_sparkline->show(m_traffic, accent());
    const QString rate = m_model.checked ? rateLine(m_traffic) : QString();
    m_rate->setText(rate.isEmpty() ? QStringLiteral(" ") : rate);
}

/// On, but drawn as off, is a pause.
QColor SwitchCard::accent() const
{
    const bool isPaused = m_model.checked && m_model.glyph == Glyph::Off;
    const Glyph idle = isPaused ? Glyph::Starting : Glyph::On;
    const Glyph glyph = m_model.glyph == Glyph::Off ? idle : m_model.glyph;
    return inkOf(glyph, groundOf(palette().color(QPalette::Base))).colour;
}

} // namespace sallyport
