// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/tray/tray_menu.h"

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A single & would become a mnemonic.
QString literal(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

} // namespace

TrayMenu::TrayMenu(QWidget *parent) : QMenu(parent)
{
    m_sentence = addAction(QString());
    m_sentence->setEnabled(false);
    m_trouble = addAction(QString(), this, &TrayMenu::windowRequested);
    addSeparator();
    buildSwitches();
    //: submenu with the exits to choose from
    m_exits.setTitle(tr("Way out"));
    addMenu(&m_exits);
    addMenu(&m_pause);
    m_lockdown = addAction(tr("Lockdown: no internet without an exit"));
    m_lockdown->setCheckable(true);
    connect(m_lockdown, &QAction::triggered, this, [this](bool on) {
        m_lockdown->setChecked(m_shown.lockdown.checked);
        Q_EMIT lockdownRequested(on);
    });
    addSeparator();
    m_devices.setTitle(tr("Devices"));
    addMenu(&m_devices);
    addSeparator();
    addAction(tr("Open Sallyport"), this, &TrayMenu::windowRequested);
    addAction(tr("Set up…"), this, &TrayMenu::setupRequested);
    //: ends the application; what is switched on stays on
    addAction(tr("Quit (what is on stays on)"), this, &TrayMenu::quitRequested);
    buildPause();
}

/// Only the helper decides what is on: a click takes its own mark back and asks.
void TrayMenu::buildSwitches()
{
    m_home = addAction(QString());
    m_exit = addAction(QString());
    for (QAction *action : {m_home, m_exit})
        action->setCheckable(true);
    connect(m_home, &QAction::triggered, this, [this](bool on) {
        m_home->setChecked(m_shown.home.checked);
        Q_EMIT homeRequested(on);
    });
    connect(m_exit, &QAction::triggered, this, [this](bool on) {
        m_exit->setChecked(m_shown.exit.checked);
        Q_EMIT exitRequested(on);
    });
}

void TrayMenu::buildPause()
{
    for (const auto &[text, length] : {std::pair(tr("For 5 minutes"), 300s), std::pair(tr("For 30 minutes"), 1800s),
             std::pair(tr("For 2 hours"), 7200s)})
        m_pause.addAction(text, this, [this, length = length] { Q_EMIT pauseRequested(length); });
    m_pause.addSeparator();
    QAction *resume = m_pause.addAction(tr("End the pause"), this, [this] { Q_EMIT pauseRequested(0s); });
    resume->setObjectName(u"resume"_s);
    showPause();
}

void TrayMenu::show(const TrayModel &model)
{
    const TrayModel before = std::exchange(m_shown, model);
    m_sentence->setText(literal(model.sentence));
    m_trouble->setText(literal(model.trouble.what));
    m_trouble->setVisible(!model.trouble.isEmpty() && model.trouble.what != model.sentence);
    showSwitch(*m_home, model.home);
    showSwitch(*m_exit, model.exit);
    m_lockdown->setChecked(model.lockdown.checked);
    m_lockdown->setEnabled(model.lockdown.enabled);
    if (model.exits != before.exits || model.exitsEnabled != before.exitsEnabled
        || model.hasMoreExits != before.hasMoreExits || m_exits.isEmpty())
        showExits();
    if (model.devices != before.devices || m_devices.isEmpty())
        showDevices();
    showPause();
}

void TrayMenu::showSwitch(QAction &action, const SwitchModel &model)
{
    action.setText(literal(model.menuText));
    action.setChecked(model.checked);
    action.setEnabled(model.enabled);
}

void TrayMenu::showExits()
{
    m_exits.clear();
    m_exits.menuAction()->setVisible(!m_shown.exits.empty());
    std::optional<ExitGroup> group;
    for (const ExitRow &row : m_shown.exits) {
        if (group && *group != row.group)
            m_exits.addSeparator();
        group = row.group;
        QAction *action = m_exits.addAction(literal(row.name));
        action->setCheckable(true);
        action->setChecked(row.checked);
        action->setEnabled(m_shown.exitsEnabled);
        connect(action, &QAction::triggered, this, [this, action, row] {
            action->setChecked(row.checked);
            Q_EMIT exitChosen(row.name);
        });
    }
    if (!m_shown.hasMoreExits)
        return;
    m_exits.addSeparator();
    m_exits.addAction(tr("More exits…"), this, &TrayMenu::exitsPageRequested);
}

void TrayMenu::showPause()
{
    m_pause.setTitle(m_shown.pause.title.isEmpty() ? tr("Pause Exit") : m_shown.pause.title);
    m_pause.menuAction()->setVisible(m_shown.pause.isOffered);
    m_pause.findChild<QAction *>(u"resume"_s)->setVisible(m_shown.pause.isPaused);
}

void TrayMenu::showDevices()
{
    m_devices.clear();
    // clear() forgets submenus but keeps them; later, because one of them may be what was just clicked.
    for (QMenu *menu : m_devices.findChildren<QMenu *>(Qt::FindDirectChildrenOnly))
        menu->deleteLater();
    m_devices.menuAction()->setVisible(!m_shown.devices.empty());
    for (const DeviceEntry &device : m_shown.devices)
        addDevice(device);
}

void TrayMenu::addDevice(const DeviceEntry &device)
{
    //: a device that does not answer
    QMenu *menu = m_devices.addMenu(literal(device.isOnline ? device.name : tr("%1 – no answer").arg(device.name)));
    if (!device.address.isEmpty())
        menu->addAction(tr("Copy address %1").arg(device.address), this,
            [this, address = device.address] { Q_EMIT copyRequested(address); });
    menu->addAction(tr("Copy name"), this, [this, name = device.name] { Q_EMIT copyRequested(name); });
    if (!device.exitName.isEmpty())
        menu->addAction(tr("Use as exit"), this, [this, name = device.exitName] { Q_EMIT exitChosen(name); });
}

} // namespace sallyport
