// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/setup_wizard.h"

#include "app/widgets/look.h"

#include <QDragEnterEvent>
#include <QMimeData>
#include <QScrollArea>

namespace sallyport {

namespace {

constexpr QSize kStartSize(640, 520);

}

QStringList localFiles(const QMimeData &data)
{
    QStringList paths;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile())
            paths += url.toLocalFile();
    }
    return paths;
}

SetupWizard::SetupWizard(QWidget *parent)
    : QDialog(parent), m_start(new StartPage), m_home(new HomePage), m_import(new ImportPage),
      m_device(new DevicePage(DevicePage::For::Computer)), m_phone(new DevicePage(DevicePage::For::Phone)),
      m_exit(new ExitPage), m_end(new EndPage), m_title(plainLabel(this, {}, kHuge, true)),
      m_pages(new QStackedWidget(this)), m_trouble(wrappedLabel(this)), m_back(new QPushButton(tr("&Back"), this)),
      m_next(new QPushButton(this)), m_close(new QPushButton(tr("C&lose"), this))
{
    setWindowTitle(tr("Set up Sallyport"));
    setAcceptDrops(true);
    build();
    resize(kStartSize);
    connect(m_back, &QAbstractButton::clicked, this, &SetupWizard::backRequested);
    connect(m_next, &QAbstractButton::clicked, this, &SetupWizard::nextRequested);
    connect(m_close, &QAbstractButton::clicked, this, &QDialog::close);
    setPage(Page::Start);
}

/// In the order of Page.
void SetupWizard::build()
{
    for (QWidget *page :
        std::initializer_list<QWidget *>{m_start, m_home, m_import, m_device, m_phone, m_exit, m_end}) {
        auto *area = new QScrollArea(m_pages);
        area->setFrameShape(QFrame::NoFrame);
        area->setWidgetResizable(true);
        area->setFocusPolicy(Qt::NoFocus);
        area->setWidget(page);
        m_pages->addWidget(area);
    }
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_close);
    buttons->addStretch(1);
    buttons->addWidget(m_back);
    buttons->addWidget(m_next);
    m_close->setAutoDefault(false);
    m_back->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    layout->addWidget(m_title);
    layout->addWidget(m_pages, 1);
    layout->addWidget(m_trouble);
    layout->addLayout(buttons);
    m_trouble->hide();
}

void SetupWizard::setPage(Page page)
{
    m_pages->setCurrentIndex(static_cast<int>(page));
    QWidget *shown = qobject_cast<QScrollArea *>(m_pages->currentWidget())->widget();
    m_title->setText(shown->windowTitle());
    m_back->setVisible(page != Page::Start && page != Page::End);
    m_next->setVisible(false);
    showTrouble({});
    shown->setFocus();
}

void SetupWizard::setNext(const QString &text, bool isPossible)
{
    m_next->setVisible(!text.isEmpty());
    m_next->setText(text);
    m_next->setEnabled(isPossible);
    m_next->setDefault(isPossible);
}

void SetupWizard::showTrouble(const QString &sentence)
{
    m_trouble->setText(sentence);
    m_trouble->setVisible(!sentence.isEmpty());
}

void SetupWizard::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFiles(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void SetupWizard::dropEvent(QDropEvent *event)
{
    event->acceptProposedAction();
    Q_EMIT filesDropped(localFiles(*event->mimeData()));
}

void SetupWizard::hideEvent(QHideEvent *event)
{
    QDialog::hideEvent(event);
    if (!event->spontaneous())
        Q_EMIT closed();
}

} // namespace sallyport
