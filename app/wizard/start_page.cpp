// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/start_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

StartPage::StartPage(QWidget *parent) : QWidget(parent), m_leftOff(wrappedLabel(this))
{
    setWindowTitle(tr("What would you like to do?"));
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGrid / 2);
    layout->addWidget(m_leftOff);
    add(WizardTask::CreateHome, tr("&Create a Home"), tr("A network of your own devices. This computer is the first."));
    add(WizardTask::Import, tr("&Join or import"), tr("From a file, a code, the clipboard or the screen."));
    add(WizardTask::AddPhone, tr("Add a &phone"), tr("It scans a code, and is in."));
    add(WizardTask::AddDevice, tr("Add another &device"), tr("A computer or a server: it gets a file."));
    add(WizardTask::AddExit, tr("Add an &exit"), tr("A private way out: a provider, or one of your devices."));
    layout->addStretch(1);
}

void StartPage::add(WizardTask task, const QString &text, const QString &about)
{
    auto *button = new QCommandLinkButton(text, about, this);
    button->setAccessibleDescription(about);
    layout()->addWidget(button);
    connect(button, &QAbstractButton::clicked, this, [this, task] { Q_EMIT chosen(task); });
    m_choices.emplace_back(task, button);
}

void StartPage::show(bool hasHome, WizardTask leftOff)
{
    m_leftOff->setText(tr("You were in the middle of something last time; what you typed is still there."));
    m_leftOff->setVisible(leftOff != WizardTask::None);
    for (const auto &[task, button] : m_choices) {
        const bool needsHome = task == WizardTask::AddPhone || task == WizardTask::AddDevice;
        button->setEnabled(task == WizardTask::CreateHome ? !hasHome : hasHome || !needsHome);
        if (task == leftOff)
            button->setFocus();
    }
}

} // namespace sallyport
