// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/overview/overview_page.h"

#include "app/widgets/look.h"

#include <QShortcut>

namespace sallyport {

namespace {

constexpr int kSideBySide = 52 * kGrid; ///< below, one card stands above the other

} // namespace

OverviewPage::OverviewPage(QWidget *parent)
    : QWidget(parent), m_home(new SwitchCard(Half::House, this)), m_exit(new SwitchCard(Half::Shield, this)),
      m_proof(new ProofLine(this)), m_sentence(wrappedLabel(this, {}, kLarge)),
      m_otherExit(new QPushButton(tr("Choose an exit…"), this)), m_cards(new QHBoxLayout)
{
    QSizePolicy keepsPlace = m_proof->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    m_proof->setSizePolicy(keepsPlace);
    m_cards->setSpacing(2 * kGrid);
    m_cards->addWidget(m_home, 1);
    m_cards->addWidget(m_exit, 1);
    auto *more = new QHBoxLayout;
    more->addStretch(1);
    more->addWidget(m_otherExit);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(2 * kGrid);
    layout->addLayout(m_cards, 100); // up to their largest size; the rest is below
    layout->addWidget(m_proof);
    layout->addWidget(m_sentence);
    layout->addLayout(more);
    layout->addStretch(1);
    setFocusProxy(m_home);
    connect(m_home, &SwitchCard::requested, this, &OverviewPage::homeRequested);
    connect(m_exit, &SwitchCard::requested, this, &OverviewPage::exitRequested);
    connect(m_otherExit, &QPushButton::clicked, this, &OverviewPage::otherExitRequested);
    //: key that toggles Home
    addKey(m_home, QKeySequence(tr("H")));
    //: key that toggles Exit
    addKey(m_exit, QKeySequence(tr("E")));
}

void OverviewPage::addKey(SwitchCard *card, const QKeySequence &key)
{
    auto *shortcut = new QShortcut(key, this);
    connect(shortcut, &QShortcut::activated, card, &SwitchCard::click);
}

void OverviewPage::show(const OverviewModel &model)
{
    m_home->show(model.home, model.homeTraffic);
    m_exit->show(model.exit, model.exitTraffic);
    m_proof->show(model.ticks, model.checked);
    m_proof->setVisible(!model.ticks.empty());
    m_sentence->setText(model.sentence);
    m_sentence->setVisible(!model.sentence.isEmpty());
    m_otherExit->setVisible(model.exit.enabled);
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_cards->setDirection(width() < kSideBySide ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

} // namespace sallyport
