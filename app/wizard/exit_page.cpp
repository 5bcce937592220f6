// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/exit_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

ExitPage::ExitPage(QWidget *parent)
    : QWidget(parent), m_devices(new QComboBox(this)), m_use(new QPushButton(tr("&Use it as an exit"), this))
{
    setWindowTitle(tr("Add an exit"));
    auto *account = new QPushButton(tr("From an &account at Mullvad or IVPN…"), this);
    account->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    auto *file = new QPushButton(tr("From a &file of a provider…"), this);
    file->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_devices->setAccessibleName(tr("One of your devices"));
    m_devices->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_devices->setMinimumContentsLength(20);
    auto *row = new QHBoxLayout;
    row->addWidget(m_devices);
    row->addWidget(m_use);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(kGrid);
    layout->addWidget(plainLabel(this, tr("A provider"), kLarge, true));
    layout->addWidget(wrappedLabel(this,
        tr("Log in with an account, or take the .conf files, one or many in an archive, that every provider of "
           "WireGuard hands out.")));
    layout->addWidget(account);
    layout->addWidget(file);
    layout->addSpacing(kGrid);
    layout->addWidget(plainLabel(this, tr("One of your own devices"), kLarge, true));
    layout->addWidget(wrappedLabel(this, tr("It has to forward for others, as a server or a router does.")));
    layout->addLayout(row);
    layout->addStretch(1);
    setFocusProxy(account);
    connect(account, &QAbstractButton::clicked, this, &ExitPage::accountRequested);
    connect(file, &QAbstractButton::clicked, this, &ExitPage::importRequested);
    connect(m_use, &QAbstractButton::clicked, this, [this] { Q_EMIT deviceChosen(m_devices->currentText()); });
}

void ExitPage::showDevices(const QStringList &names)
{
    m_devices->clear();
    m_devices->addItems(names);
    m_devices->setEnabled(!names.isEmpty());
    m_use->setEnabled(!names.isEmpty());
}

} // namespace sallyport
