// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/picture/picture_view.h"

#include "app/icons/glyph_painter.h"
#include "app/icons/path_pen.h"
#include "app/widgets/look.h"

#include <QPainter>

namespace sallyport {

namespace {

constexpr int kGlyph = 4 * kGrid;
constexpr int kDot = 6;
constexpr int kMargin = 7 * kGrid; ///< for names
constexpr qreal kThickest = 6;

} // namespace

PictureView::PictureView(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Picture of your devices"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void PictureView::show(const PictureModel &picture)
{
    if (picture == m_picture)
        return;
    m_picture = picture;
    setAccessibleDescription(sentencesOf(picture).join(u' '));
    update();
}

QSize PictureView::minimumSizeHint() const
{
    return {40 * kGrid, 30 * kGrid};
}

void PictureView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(
        hasFocus() ? QPen(palette().color(QPalette::Highlight), 2) : QPen(palette().color(QPalette::Mid), 1));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kGrid, kGrid);
    const QPointF me(width() / 2.0, height() / 2.0);
    const QSizeF reach(width() / 2.0 - kMargin, height() / 2.0 - kMargin);
    const std::vector<QPointF> places = placesOf(m_picture.nodes);
    const auto at
        = [&](const QPointF &place) { return me + QPointF(place.x() * reach.width(), place.y() * reach.height()); };
    for (std::size_t number = 0; number < places.size(); ++number) {
        const PictureNode &node = m_picture.nodes[number];
        if (node.line == PathLine::None)
            continue;
        painter.setPen(penFor(node.line, inkFor(node.glyph), 1.5 + node.weight * (kThickest - 1.5)));
        painter.drawLine(me, at(places[number]));
    }
    paintGate(painter, me);
    for (std::size_t number = 0; number < places.size(); ++number)
        paintNode(painter, m_picture.nodes[number], at(places[number]), me);
    paintMe(painter, me);
}

void PictureView::paintMe(QPainter &painter, const QPointF &me) const
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawEllipse(me, kGlyph * 0.8, kGlyph * 0.8);
    const QPixmap house
        = glyphPixmap(Half::House, Glyph::On, {palette().color(QPalette::Text), 1}, kGlyph, devicePixelRatioF());
    painter.drawPixmap(me - QPointF(kGlyph / 2.0, kGlyph / 2.0), house);
    paintName(painter, me + QPointF(0, kGlyph / 2.0), {0, 1}, m_picture.me);
}

void PictureView::paintNode(QPainter &painter, const PictureNode &node, const QPointF &at, const QPointF &me) const
{
    const QColor ink = inkFor(node.glyph);
    painter.setPen(QPen(ink, 1.5));
    painter.setBrush(node.line == PathLine::None ? palette().color(QPalette::Base) : ink);
    painter.drawEllipse(at, kDot, kDot);
    if (node.glyph == Glyph::Doubtful) {
        painter.drawLine(at - QPointF(3, 3), at + QPointF(3, 3));
        painter.drawLine(at - QPointF(3, -3), at + QPointF(3, -3));
    }
    QLineF outwards(me, at);
    outwards.setLength(outwards.length() + kDot + 5);
    paintName(painter, outwards.p2(), outwards.unitVector().p2() - me, node.name);
}

void PictureView::paintGate(QPainter &painter, const QPointF &me) const
{
    if (m_picture.exitName.isEmpty())
        return;
    const QPointF at(width() - kMargin, me.y());
    const QColor ink = inkOf(m_picture.exitGlyph, groundOf(palette().color(QPalette::Base))).colour;
    const bool isOpen = m_picture.exitGlyph == Glyph::On;
    painter.setPen(QPen(ink, 2, isOpen ? Qt::SolidLine : Qt::DotLine));
    painter.drawLine(me, at);
    const QPixmap shield = glyphPixmap(Half::Shield, m_picture.exitGlyph, {ink, 1}, kGlyph, devicePixelRatioF());
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawEllipse(at, kGlyph * 0.7, kGlyph * 0.7);
    painter.drawPixmap(at - QPointF(kGlyph / 2.0, kGlyph / 2.0), shield);
    paintName(painter, at + QPointF(0, kGlyph / 2.0), {0, 1}, m_picture.exitName);
}

/// Beyond `at` in that direction, on a ground of its own: lines cross behind it.
void PictureView::paintName(QPainter &painter, const QPointF &at, const QPointF &direction, const QString &name) const
{
    const QString text = fontMetrics().elidedText(name, Qt::ElideRight, 2 * kMargin);
    QRectF area(0, 0, fontMetrics().horizontalAdvance(text) + 4, fontMetrics().height());
    area.moveCenter(at + QPointF(direction.x() * area.width() / 2, direction.y() * area.height() / 2));
    area.moveRight(std::min(area.right(), width() - 4.0));
    area.moveLeft(std::max(area.left(), 4.0));
    QColor ground = palette().color(QPalette::Base);
    ground.setAlphaF(0.8F);
    painter.fillRect(area, ground);
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(area, Qt::AlignCenter | Qt::TextSingleLine, text);
}

QColor PictureView::inkFor(Glyph glyph) const
{
    const Glyph shade = glyph == Glyph::Doubtful ? Glyph::Starting : glyph;
    return inkOf(shade, groundOf(palette().color(QPalette::Base))).colour;
}

} // namespace sallyport
