// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/relays_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLocale>
#include <QRegularExpression>

namespace sallyport {

using namespace Qt::StringLiterals;

RelaysPage::RelaysPage(QWidget *parent)
    : QWidget(parent), m_account(wrappedLabel(this)), m_search(new QLineEdit(this)), m_tree(new QTreeWidget(this)),
      m_entry(new QComboBox(this)), m_port(new QSpinBox(this)), m_dns(new QLineEdit(this)),
      m_add(new QPushButton(tr("&Add to my exits"), this)), m_update(new QPushButton(tr("&Update the list"), this)),
      m_rotate(new QPushButton(tr("Change &key"), this)), m_logOut(new QPushButton(tr("Log &out…"), this))
{
    m_search->setPlaceholderText(tr("Find a server by country, city or name"));
    m_search->setAccessibleName(tr("Find a server"));
    m_search->setClearButtonEnabled(true);
    m_tree->setAccessibleName(tr("Servers"));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    build();
    connect(m_search, &QLineEdit::textChanged, this, &RelaysPage::fill);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &RelaysPage::updateButtons);
    connect(m_tree, &QTreeWidget::itemActivated, this, &RelaysPage::add);
    connect(m_add, &QPushButton::clicked, this, &RelaysPage::add);
    connect(m_update, &QPushButton::clicked, this, &RelaysPage::updateRequested);
    connect(m_rotate, &QPushButton::clicked, this, &RelaysPage::rotateRequested);
    connect(m_logOut, &QPushButton::clicked, this, &RelaysPage::logOutRequested);
}

void RelaysPage::build()
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
    layout->addWidget(m_account);
    layout->addWidget(m_search);
    layout->addWidget(m_tree, 1);
    buildOptions();
    auto *buttons = new QHBoxLayout;
    for (QPushButton *button : {m_add, m_update, m_rotate, m_logOut})
        buttons->addWidget(button);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    setFocusProxy(m_search);
}

void RelaysPage::buildOptions()
{
    m_port->setRange(0, 65535);
    m_port->setSpecialValueText(tr("the usual one"));
    m_dns->setPlaceholderText(tr("the provider's own"));
    auto *form = new QFormLayout;
    form->addRow(tr("&Enter through"), m_entry);
    form->addRow(tr("&Port"), m_port);
    auto *row = new QHBoxLayout;
    for (const Blocked what : kBlocked) {
        auto *check = new QCheckBox(nameOf(what), this);
        row->addWidget(check);
        m_blocking.emplace_back(what, check);
    }
    row->addStretch(1);
    form->addRow(tr("Block"), row);
    form->addRow(tr("&DNS servers"), m_dns);
    qobject_cast<QVBoxLayout *>(layout())->addLayout(form);
}

void RelaysPage::show(const ProviderTraits &traits, const AccountModel &model)
{
    m_isBusy = !model.busy.isEmpty();
    const QString until = QLocale().toString(model.expires.toLocalTime().date(), QLocale::LongFormat);
    //: %1 is a provider, %2 the name it gave this computer, %3 a date
    m_account->setText(model.expires.isValid()
            ? tr("%1 calls this computer “%2”. The account is paid until %3.")
                  .arg(traits.name, model.device.name, until)
            : tr("%1 calls this computer “%2”.").arg(traits.name, model.device.name));
    showBlocking(traits.blocks);
    if (m_shownVersion != model.relaysVersion) {
        m_shownVersion = model.relaysVersion;
        m_relays = model.relays;
        fillEntries();
        fill();
    }
    updateButtons();
}

void RelaysPage::showBlocking(BlockedSet offered)
{
    for (const auto &[what, check] : m_blocking)
        check->setVisible((offered & static_cast<BlockedSet>(what)) != 0);
}

void RelaysPage::fillEntries()
{
    m_entry->clear();
    m_entry->addItem(tr("the same server"), QString());
    for (const RelayCountry &country : relaysByPlace(m_relays, {})) {
        for (const RelayCity &city : country.cities) {
            for (const Relay &relay : city.relays)
                m_entry->addItem(tr("%1, %2: %3").arg(country.name, city.name, relay.hostname), relay.hostname);
        }
    }
}

void RelaysPage::fill()
{
    const QString before = selected();
    m_tree->clear();
    for (const RelayCountry &country : relaysByPlace(m_relays, m_search->text())) {
        auto *countryItem = new QTreeWidgetItem({country.name});
        m_tree->addTopLevelItem(countryItem);
        for (const RelayCity &city : country.cities) {
            auto *cityItem = new QTreeWidgetItem({city.name});
            countryItem->addChild(cityItem);
            for (const Relay &relay : city.relays) {
                auto *item = new QTreeWidgetItem({relay.hostname});
                cityItem->addChild(item);
                item->setData(0, Qt::UserRole, relay.hostname);
                item->setToolTip(0, relay.operatorName);
                if (relay.hostname == before)
                    m_tree->setCurrentItem(item);
            }
        }
    }
    if (!m_search->text().isEmpty())
        m_tree->expandAll();
    updateButtons();
}

QString RelaysPage::selected() const
{
    const QList<QTreeWidgetItem *> items = m_tree->selectedItems();
    return items.isEmpty() ? QString() : items.first()->data(0, Qt::UserRole).toString();
}

void RelaysPage::updateButtons()
{
    m_add->setEnabled(!m_isBusy && !selected().isEmpty());
    for (QPushButton *button : {m_update, m_rotate, m_logOut})
        button->setEnabled(!m_isBusy);
}

void RelaysPage::add()
{
    if (!m_add->isEnabled())
        return;
    ExitChoice choice;
    choice.exit = selected();
    choice.entry = m_entry->currentData().toString();
    choice.port = static_cast<quint16>(m_port->value());
    for (const auto &[what, check] : m_blocking) {
        if (check->isVisible() && check->isChecked())
            choice.blocked |= static_cast<BlockedSet>(what);
    }
    static const QRegularExpression separator(u"[,\\s]+"_s);
    for (const QString &word : m_dns->text().split(separator, Qt::SkipEmptyParts)) {
        const auto address = IpAddress::parse(word);
        if (!address)
            return Q_EMIT refused(tr("“%1” is no address of a DNS server. It looks like 9.9.9.9.").arg(word.left(64)));
        choice.dns.push_back(*address);
    }
    Q_EMIT addRequested(choice);
}

} // namespace sallyport
