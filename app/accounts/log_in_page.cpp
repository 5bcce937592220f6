// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/log_in_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

LogInPage::LogInPage(QWidget *parent)
    : QWidget(parent), m_explanation(wrappedLabel(this)), m_account(new QLineEdit(this)),
      m_codeLabel(plainLabel(this, tr("&Code of your second factor"))), m_code(new QLineEdit(this)),
      m_logIn(new QPushButton(tr("&Log in"), this))
{
    auto *label = plainLabel(this, tr("&Account number"));
    label->setBuddy(m_account);
    m_codeLabel->setBuddy(m_code);
    for (QLineEdit *edit : {m_account, m_code}) {
        edit->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
        edit->setMaxLength(64);
        connect(edit, &QLineEdit::returnPressed, this, &LogInPage::submit);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
    for (QWidget *each : std::initializer_list<QWidget *>{m_explanation, label, m_account, m_codeLabel, m_code})
        layout->addWidget(each);
    layout->addWidget(m_logIn, 0, Qt::AlignLeft);
    layout->addStretch(1);
    setFocusProxy(m_account);
    connect(m_logIn, &QPushButton::clicked, this, &LogInPage::submit);
}

void LogInPage::show(const ProviderTraits &traits, const AccountModel &model)
{
    m_explanation->setText(
        tr("Logging in asks %1 to let this computer use your account. A key is made here; its secret half never leaves "
           "this computer.")
            .arg(traits.name));
    m_account->setPlaceholderText(traits.accountHint);
    m_codeLabel->setVisible(model.wantsSecondFactor);
    m_code->setVisible(model.wantsSecondFactor);
    m_logIn->setEnabled(model.busy.isEmpty());
}

void LogInPage::clear()
{
    m_account->clear();
    m_code->clear();
}

void LogInPage::submit()
{
    if (m_logIn->isEnabled())
        Q_EMIT logInRequested(m_account->text(), m_code->text());
}

} // namespace sallyport
