// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/overview/proof_line.h"

#include "app/icons/page_icons.h"
#include "app/widgets/look.h"

#include <QPainter>
#include <QStyle>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Mark markOf(Tick::Verdict verdict)
{
    switch (verdict) {
    case Tick::Verdict::Holds:
        return Mark::Good;
    case Tick::Verdict::Waiting:
        return Mark::Waiting;
    case Tick::Verdict::Fails:
        return Mark::Bad;
    }
    Q_UNREACHABLE();
}

} // namespace

ProofLine::ProofLine(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ProofLine::show(const std::vector<Tick> &ticks, const QString &checked)
{
    if (ticks == m_ticks && checked == m_checked)
        return;
    m_ticks = ticks;
    m_checked = ticks.empty() ? QString() : checked;
    QStringList said;
    for (const Tick &tick : ticks) {
        const bool fails = tick.verdict == Tick::Verdict::Fails;
        //: for screen readers: something that should hold and does not
        said += fails ? tr("Not so: %1").arg(tick.text) : tick.text;
    }
    setAccessibleName(said.join(u". "_s));
    updateGeometry();
    update();
}

int ProofLine::heightForWidth(int width) const
{
    const std::vector<Placed> parts = placed(width);
    return parts.empty() ? fontMetrics().height() : parts.back().area.bottom() + 1;
}

QSize ProofLine::sizeHint() const
{
    return {60 * kGrid, heightForWidth(60 * kGrid)};
}

QSize ProofLine::minimumSizeHint() const
{
    return {20 * kGrid, fontMetrics().height()};
}

std::vector<ProofLine::Placed> ProofLine::placed(int width) const
{
    std::vector<Placed> parts;
    const int mark = fontMetrics().height();
    QPoint at;
    const auto place = [&](const QString &text, std::optional<Tick::Verdict> verdict) {
        const int needed = fontMetrics().horizontalAdvance(text) + (verdict ? mark + kGrid / 2 : 0);
        if (at.x() > 0 && at.x() + needed > width)
            at = {0, at.y() + mark + kGrid / 2};
        parts.push_back({QRect(at, QSize(std::min(needed, width), mark)), text, verdict});
        at.rx() += needed + 2 * kGrid;
    };
    for (const Tick &tick : m_ticks)
        place(tick.text, tick.verdict);
    if (!m_checked.isEmpty())
        place(m_checked, std::nullopt);
    return parts;
}

void ProofLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int mark = fontMetrics().height();
    const int size = mark;
    for (const Placed &part : placed(width())) {
        QRect text = part.area;
        if (part.verdict) {
            const QRect box = QStyle::visualRect(layoutDirection(), rect(),
                QRect(part.area.topLeft() + QPoint(0, (mark - size) / 2), QSize(size, size)));
            painter.drawPixmap(box, markPixmap(markOf(*part.verdict), palette(), size, devicePixelRatioF()));
            text.setLeft(text.left() + mark + kGrid / 2);
        }
        painter.setPen(part.verdict ? palette().color(QPalette::WindowText) : quiet(palette()));
        painter.drawText(QStyle::visualRect(layoutDirection(), rect(), text), Qt::AlignVCenter | Qt::TextSingleLine,
            fontMetrics().elidedText(part.text, Qt::ElideRight, text.width() + 1));
    }
}

} // namespace sallyport
