// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/diagnose/finding_row.h"

#include "app/icons/page_icons.h"
#include "app/widgets/look.h"

#include <QEvent>
#include <QGridLayout>
#include <QHash>
#include <QPainter>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMarkSize = 2 * kGrid;

Mark markOf(Health health)
{
    switch (health) {
    case Health::Ok:
        return Mark::Good;
    case Health::Warning:
        return Mark::Doubtful;
    case Health::Bad:
        return Mark::Bad;
    }
    Q_UNREACHABLE();
}

QString wordOf(Health health)
{
    switch (health) {
    case Health::Ok:
        return FindingRow::tr("Good");
    case Health::Warning:
        return FindingRow::tr("Worth a look");
    case Health::Bad:
        return FindingRow::tr("Bad");
    }
    Q_UNREACHABLE();
}

/// The words of `sally doctor` are for scripts, too; these are for people.
QString titleOf(const QString &subject)
{
    const QHash<QString, QString> titles{{u"helper"_s, FindingRow::tr("Background service")},
        {u"meshd"_s, FindingRow::tr("Choice of paths")}, {u"polkit"_s, FindingRow::tr("Permission")},
        {u"wireguard"_s, FindingRow::tr("WireGuard")}, {u"nftables"_s, FindingRow::tr("Firewall")},
        {u"resolver"_s, FindingRow::tr("Name lookup")}, {u"names"_s, FindingRow::tr("Name servers")},
        {u"other VPNs"_s, FindingRow::tr("Other VPNs")}, {u"home"_s, FindingRow::tr("Home")},
        {u"exit"_s, FindingRow::tr("Exit")}, {u"ours"_s, FindingRow::tr("Ours")},
        {u"others"_s, FindingRow::tr("Others")}, {u"conflict"_s, FindingRow::tr("In the way")},
        {u"last error"_s, FindingRow::tr("Last error")}};
    return titles.value(subject, subject);
}

} // namespace

FindingRow::FindingRow(const Finding &finding, bool isLast, QWidget *parent)
    : QWidget(parent), m_health(finding.health), m_isLast(isLast), m_mark(new QLabel(this))
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, kGrid / 2, 0, kGrid);
    layout->setHorizontalSpacing(kGrid);
    layout->setVerticalSpacing(0);
    QLabel *subject = plainLabel(this, titleOf(finding.subject), 1, true);
    subject->setMinimumWidth(18 * kGrid);
    layout->addWidget(m_mark, 0, 0, Qt::AlignTop);
    layout->addWidget(subject, 0, 1, Qt::AlignTop);
    layout->addWidget(wrappedLabel(this, finding.sentence), 0, 2);
    if (!finding.advice.isEmpty()) {
        QLabel *advice = wrappedLabel(this, u"→ "_s + finding.advice);
        layout->addWidget(advice, 1, 2);
    }
    layout->setColumnStretch(2, 1);
    m_mark->setAccessibleName(wordOf(finding.health));
    drawMark();
}

void FindingRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawMark();
}

/// The link of the chain to the next one.
void FindingRow::paintEvent(QPaintEvent *)
{
    if (m_isLast)
        return;
    QPainter painter(this);
    painter.setPen(QPen(quiet(palette()), 1, Qt::DotLine));
    const QRect mark = m_mark->geometry();
    painter.drawLine(mark.center().x(), mark.top() + kMarkSize + kGrid / 2, mark.center().x(), height());
}

void FindingRow::drawMark()
{
    m_mark->setPixmap(markPixmap(markOf(m_health), palette(), kMarkSize, devicePixelRatioF()));
}

} // namespace sallyport
