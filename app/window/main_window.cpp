// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/window/main_window.h"

#include "app/widgets/look.h"
#include "app/wizard/setup_wizard.h"

#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QScrollArea>
#include <QShortcut>

namespace sallyport {

namespace {

constexpr QSize kStartSize(920, 620);
constexpr QSize kSmallestSize(640, 440);
constexpr int kIconsOnlyBelow = 720;

} // namespace

MainWindow::MainWindow(QWidget *parent)
    : QWidget(parent), m_navigation(new Navigation(this)), m_setup(new QToolButton(this)), m_hint(new HintBar(this)),
      m_trouble(new TroubleBar(this)), m_pages(new QStackedWidget(this)), m_overview(new OverviewPage),
      m_devices(new DevicesPage), m_exits(new ExitsPage), m_picture(new PicturePage), m_activity(new ActivityPage),
      m_diagnose(new DiagnosePage), m_settings(new SettingsPage)
{
    setWindowTitle(tr("Sallyport"));
    build();
    addKeys();
    setAcceptDrops(true);
    setMinimumSize(kSmallestSize);
    resize(kStartSize);
    connect(m_navigation, &Navigation::pageChosen, this, [this](PageId page) {
        m_pages->setCurrentIndex(static_cast<int>(page));
        Q_EMIT pageChanged(page);
    });
    connect(m_setup, &QAbstractButton::clicked, this, &MainWindow::setupRequested);
    connect(m_hint, &HintBar::understood, this, &MainWindow::hintUnderstood);
    connect(m_trouble, &TroubleBar::dismissed, this, &MainWindow::troubleDismissed);
    connect(m_overview, &OverviewPage::otherExitRequested, this, [this] { setPage(PageId::Exits); });
    m_navigation->setCurrent(PageId::Overview);
}

/// In the order of kPages.
void MainWindow::build()
{
    for (QWidget *page :
        std::initializer_list<QWidget *>{m_overview, m_devices, m_exits, m_picture, m_activity, m_diagnose, m_settings})
        addPage(page);
    auto *content = new QVBoxLayout;
    content->setSpacing(0);
    content->addWidget(m_hint);
    content->addWidget(m_trouble);
    content->addWidget(m_pages, 1);
    m_setup->setAccessibleName(tr("Set up…"));
    m_setup->setToolTip(tr("Set up…"));
    m_setup->setAutoRaise(true);
    m_setup->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *column = new QWidget(this);
    column->setBackgroundRole(QPalette::Base);
    column->setAutoFillBackground(true);
    auto *side = new QVBoxLayout(column);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(0);
    side->addWidget(m_navigation, 1);
    side->addWidget(m_setup);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(column);
    layout->addLayout(content, 1);
}

/// With large fonts a page may not fit: then it scrolls, and nothing is cut off.
void MainWindow::addPage(QWidget *page)
{
    auto *area = new QScrollArea(m_pages);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(page);
    m_pages->addWidget(area);
}

void MainWindow::addKeys()
{
    for (const PageId page : kPages) {
        const int digit = Qt::Key_1 + static_cast<int>(page);
        auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(digit)), this);
        connect(shortcut, &QShortcut::activated, this, [this, page] { setPage(page); });
    }
    auto *close = new QShortcut(QKeySequence::Close, this);
    connect(close, &QShortcut::activated, this, &QWidget::close);
}

void MainWindow::setPage(PageId page)
{
    m_navigation->setCurrent(page);
    qobject_cast<QScrollArea *>(m_pages->currentWidget())->widget()->setFocus();
}

void MainWindow::showHint(const QString &text)
{
    m_hint->show(text);
}

void MainWindow::showTrouble(const Trouble &trouble, bool canDismiss)
{
    m_trouble->show(trouble, canDismiss);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    Q_EMIT closeRequested();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    Q_EMIT filesDropped(localFiles(*event->mimeData()));
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

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_navigation->setIconsOnly(width() < kIconsOnlyBelow);
    m_setup->setText(width() < kIconsOnlyBelow ? QStringLiteral("+") : tr("Set up…"));
}

} // namespace sallyport
