// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/account_panel.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QMessageBox>

namespace sallyport {

AccountPanel::AccountPanel(const std::vector<AccountFlow *> &flows, QWidget *parent)
    : QWidget(parent), m_flows(flows), m_provider(new QComboBox(this)), m_steps(new QStackedWidget(this)),
      m_logIn(new LogInPage(this)), m_devices(new DevicesStepPage(this)), m_relays(new RelaysPage(this)),
      m_state(wrappedLabel(this))
{
    m_provider->setAccessibleName(tr("Provider"));
    for (const AccountFlow *flow : m_flows)
        m_provider->addItem(flow->traits().name);
    build();
    connectPages();
    render();
}

void AccountPanel::build()
{
    for (QWidget *page : std::initializer_list<QWidget *>{m_logIn, m_devices, m_relays}) // in the order of AccountStep
        m_steps->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
    layout->addWidget(m_provider, 0, Qt::AlignLeft);
    layout->addWidget(m_steps, 1);
    layout->addWidget(m_state);
}

void AccountPanel::connectPages()
{
    for (AccountFlow *flow : m_flows) {
        connect(flow, &AccountFlow::changed, this, &AccountPanel::render);
        connect(flow, &AccountFlow::exitAdded, this, &AccountPanel::exitAdded);
    }
    connect(m_provider, &QComboBox::activated, this, &AccountPanel::open);
    connect(m_logIn, &LogInPage::logInRequested, this,
        [this](const QString &account, const QString &code) { current().logIn(account, code); });
    connect(m_devices, &DevicesStepPage::replaceRequested, this,
        [this](const QString &id) { current().replaceDevice(id); });
    connect(m_devices, &DevicesStepPage::backRequested, this, [this] { current().backToLogIn(); });
    connect(m_relays, &RelaysPage::addRequested, this, [this](const ExitChoice &choice) { current().addExit(choice); });
    connect(m_relays, &RelaysPage::updateRequested, this, [this] { current().updateRelays(); });
    connect(m_relays, &RelaysPage::rotateRequested, this, [this] { current().rotateKey(); });
    connect(m_relays, &RelaysPage::logOutRequested, this, &AccountPanel::askBeforeLogOut);
    connect(m_relays, &RelaysPage::refused, m_state, &QLabel::setText);
}

AccountFlow &AccountPanel::current() const
{
    return *m_flows[static_cast<std::size_t>(std::max(0, m_provider->currentIndex()))];
}

void AccountPanel::open()
{
    m_logIn->clear();
    current().open();
    render();
}

void AccountPanel::render()
{
    const AccountModel &model = current().model();
    m_provider->setEnabled(model.busy.isEmpty());
    m_steps->setCurrentIndex(static_cast<int>(model.step));
    switch (model.step) {
    case AccountStep::LogIn:
        m_logIn->show(current().traits(), model);
        break;
    case AccountStep::ChooseDevice:
        m_devices->show(current().traits(), model);
        break;
    case AccountStep::Relays:
        m_logIn->clear();
        m_relays->show(current().traits(), model);
        break;
    }
    const QString &said = model.trouble.isEmpty() ? model.note : model.trouble;
    m_state->setText(model.busy.isEmpty() ? said : model.busy);
}

void AccountPanel::askBeforeLogOut()
{
    auto *question = new QMessageBox(QMessageBox::Question, tr("Log out"),
        tr("Log out? %1 deletes this device, and the exits that use it are removed here.").arg(current().traits().name),
        QMessageBox::Cancel, this);
    question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = question->addButton(tr("Log out"), QMessageBox::DestructiveRole);
    question->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QPushButton::clicked, this, [this] { current().logOut(); });
    question->open();
}

} // namespace sallyport
