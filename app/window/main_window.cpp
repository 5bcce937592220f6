// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/window/main_window.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QShortcut>

namespace sallyport {

namespace {

constexpr int kGrid = 8;
constexpr int kSmallestWidth = 60 * kGrid;
constexpr QSize kStartSize(80 * kGrid, 42 * kGrid);

} // namespace

MainWindow::MainWindow(QWidget *parent)
    : QWidget(parent), m_home(new SwitchCard(Half::House, this)), m_exit(new SwitchCard(Half::Shield, this)),
      //: label of the list of exits
      m_exitsLabel(new QLabel(tr("&Way out:"), this)), m_exits(new QComboBox(this)), m_sentence(new QLabel(this)),
      m_trouble(new TroubleBar(this))
{
    setWindowTitle(tr("Sallyport"));
    m_exitsLabel->setBuddy(m_exits);
    m_sentence->setWordWrap(true);
    m_sentence->setTextFormat(Qt::PlainText);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *cards = new QHBoxLayout;
    cards->setSpacing(2 * kGrid);
    cards->addWidget(m_home, 1);
    cards->addWidget(m_exit, 1);
    auto *choice = new QHBoxLayout;
    choice->addStretch(1);
    choice->addWidget(m_exitsLabel);
    choice->addWidget(m_exits);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(2 * kGrid);
    layout->addLayout(cards, 1);
    layout->addLayout(choice);
    layout->addWidget(m_sentence);
    layout->addWidget(m_trouble);
    resize(kStartSize);
    connect(m_home, &SwitchCard::requested, this, &MainWindow::homeRequested);
    connect(m_exit, &SwitchCard::requested, this, &MainWindow::exitRequested);
    connect(m_trouble, &TroubleBar::dismissed, this, &MainWindow::troubleDismissed);
    connect(m_exits, &QComboBox::textActivated, this, [this](const QString &name) {
        showExits(m_shown); // the choice shows once the helper has made it
        Q_EMIT exitChosen(name);
    });
    //: key that toggles Home
    addShortcut(m_home, QKeySequence(tr("H")));
    //: key that toggles Exit
    addShortcut(m_exit, QKeySequence(tr("E")));
}

void MainWindow::addShortcut(SwitchCard *card, const QKeySequence &key)
{
    auto *shortcut = new QShortcut(key, this);
    connect(shortcut, &QShortcut::activated, card, &SwitchCard::click);
}

void MainWindow::show(const TrayModel &model, bool canDismissTrouble)
{
    const bool sameExits = model.exits == m_shown.exits && model.exitsEnabled == m_shown.exitsEnabled;
    m_shown = model;
    m_home->show(model.home);
    m_exit->show(model.exit);
    if (!sameExits || m_exits->count() == 0)
        showExits(model);
    m_sentence->setText(model.sentence);
    m_sentence->setVisible(model.sentence != model.trouble.what);
    m_trouble->show(model.trouble, canDismissTrouble);
    // Sentences wrap; Qt does not count that in the smallest size of a window.
    setMinimumSize(kSmallestWidth, layout()->minimumHeightForWidth(kSmallestWidth));
}

void MainWindow::showExits(const TrayModel &model)
{
    const bool isOffered = model.exits.size() > 1;
    m_exitsLabel->setVisible(isOffered);
    m_exits->setVisible(isOffered);
    m_exits->setEnabled(model.exitsEnabled);
    m_exits->clear();
    int chosen = -1;
    for (const ExitRow &row : model.exits) {
        if (row.checked)
            chosen = m_exits->count();
        m_exits->addItem(row.name);
    }
    m_exits->setCurrentIndex(chosen);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    Q_EMIT closeRequested();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    Q_EMIT visibilityChanged(true);
}

void MainWindow::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    Q_EMIT visibilityChanged(false);
}

} // namespace sallyport
