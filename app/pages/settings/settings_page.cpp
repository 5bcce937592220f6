// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/settings/settings_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

SettingsPage::SettingsPage(QWidget *parent) : QWidget(parent), m_contacts(new ContactsList(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    m_trouble = wrappedLabel(this);
    layout->addWidget(m_trouble);
    addHeading(tr("This computer"));
    m_startAtLogin
        = addCheck(tr("Start at &login, in the panel"), [this](bool on) { Q_EMIT startAtLoginRequested(on); });
    m_allowLan = addCheck(tr("Devices on this &network stay reachable while Exit is on"),
        [this](bool on) { Q_EMIT allowLanRequested(on); });
    addHeading(tr("Tell me when"));
    addNotice(tr("internet is &blocked, or is no longer"), &Notices::blocked);
    addNotice(tr("the way out &changes"), &Notices::exitChanged);
    addNotice(tr("a &device joins or leaves Home"), &Notices::deviceJoined);
    addNotice(tr("the background &service stops"), &Notices::serviceLost);
    addHeading(tr("Icon in the panel"));
    addIconStyles();
    addHeading(tr("Network contacts"));
    layout->addWidget(
        wrappedLabel(this, tr("Whom Sallyport asks by itself, and only when you press a button for it.")));
    layout->addWidget(m_contacts);
    layout->addStretch(1);
    setFocusProxy(m_startAtLogin);
}

void SettingsPage::addHeading(const QString &text)
{
    QLabel *heading = plainLabel(this, text, kLarge, true);
    heading->setContentsMargins(0, kGrid, 0, 0);
    layout()->addWidget(heading);
}

QCheckBox *SettingsPage::addCheck(const QString &text, const std::function<void(bool)> &asked)
{
    auto *check = new QCheckBox(text, this);
    layout()->addWidget(check);
    connect(check, &QCheckBox::clicked, this, [this, asked](bool on) {
        show(m_shown);
        asked(on);
    });
    return check;
}

void SettingsPage::addNotice(const QString &text, bool Notices::*which)
{
    QCheckBox *check = addCheck(text, [this, which](bool on) {
        Notices wanted = m_shown.notices;
        wanted.*which = on;
        Q_EMIT noticesRequested(wanted);
    });
    m_notices.emplace_back(which, check);
}

void SettingsPage::addIconStyles()
{
    m_iconStyle = new QComboBox(this);
    m_iconStyle->setAccessibleName(tr("Icon in the panel"));
    for (const auto &[text, style] :
        {std::pair(tr("automatic"), IconStyle::Automatic), std::pair(tr("coloured"), IconStyle::Coloured),
            std::pair(tr("light, for a dark panel"), IconStyle::LightOnDark),
            std::pair(tr("dark, for a light panel"), IconStyle::DarkOnLight)})
        m_iconStyle->addItem(text, static_cast<int>(style));
    m_iconStyle->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    layout()->addWidget(m_iconStyle);
    connect(m_iconStyle, &QComboBox::activated, this, [this] {
        const auto style = static_cast<IconStyle>(m_iconStyle->currentData().toInt());
        show(m_shown);
        Q_EMIT iconStyleRequested(style);
    });
}

void SettingsPage::show(const SettingsModel &model)
{
    m_shown = model;
    m_startAtLogin->setChecked(model.startsAtLogin);
    m_allowLan->setChecked(model.allowsLan.value_or(false));
    m_allowLan->setEnabled(model.allowsLan.has_value() && !model.isLanPending);
    for (const auto &[which, check] : m_notices)
        check->setChecked(model.notices.*which);
    m_iconStyle->setCurrentIndex(m_iconStyle->findData(static_cast<int>(model.iconStyle)));
    m_trouble->setText(model.trouble);
    m_trouble->setVisible(!model.trouble.isEmpty());
}

} // namespace sallyport
