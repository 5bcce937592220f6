// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/account_dialog.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QDialogButtonBox>

namespace sallyport {

AccountDialog::AccountDialog(const std::vector<AccountFlow *> &flows, QWidget *parent)
    : QDialog(parent), m_panel(new AccountPanel(flows, this))
{
    setWindowTitle(tr("Account at a provider"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    for (QAbstractButton *button : buttons->buttons())
        qobject_cast<QPushButton *>(button)->setAutoDefault(false); // Enter logs in
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->addWidget(m_panel, 1);
    layout->addWidget(buttons);
    resize(75 * kGrid, 70 * kGrid);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

} // namespace sallyport
