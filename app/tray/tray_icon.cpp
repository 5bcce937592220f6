// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/tray/tray_icon.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// A single & would become a mnemonic.
QString literal(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

} // namespace

TrayIcon::TrayIcon(Ground ground, bool symbolic, QObject *parent)
    : QObject(parent), m_look{Glyph::Starting, Glyph::Starting, ground, symbolic}
{
    build();
    connect(&m_icon, &QSystemTrayIcon::activated, this, &TrayIcon::activated);
    m_icon.setIcon(trayIcon(m_look));
    m_icon.setContextMenu(&m_menu);
    m_icon.show();
}

void TrayIcon::build()
{
    m_sentence = m_menu.addAction(QString());
    m_sentence->setEnabled(false);
    m_trouble = m_menu.addAction(QString(), this, &TrayIcon::windowRequested);
    m_menu.addSeparator();
    m_home = m_menu.addAction(QString());
    m_exit = m_menu.addAction(QString());
    for (QAction *action : {m_home, m_exit})
        action->setCheckable(true);
    connect(m_home, &QAction::triggered, this, [this](bool on) {
        m_home->setChecked(m_shown.home.checked); // only the helper decides what is on
        Q_EMIT homeRequested(on);
    });
    connect(m_exit, &QAction::triggered, this, [this](bool on) {
        m_exit->setChecked(m_shown.exit.checked);
        Q_EMIT exitRequested(on);
    });
    //: submenu with the exits to choose from
    m_exits.setTitle(tr("Way out"));
    m_menu.addMenu(&m_exits);
    m_menu.addSeparator();
    m_menu.addAction(tr("Open Sallyport"), this, &TrayIcon::windowRequested);
    //: ends the application; what is switched on stays on
    m_menu.addAction(tr("Quit (what is on stays on)"), this, &TrayIcon::quitRequested);
}

void TrayIcon::show(const TrayModel &model)
{
    const bool sameExits = model.exits == m_shown.exits && model.exitsEnabled == m_shown.exitsEnabled;
    m_shown = model;
    m_sentence->setText(literal(model.sentence));
    m_trouble->setText(literal(model.trouble.what));
    m_trouble->setVisible(!model.trouble.isEmpty() && model.trouble.what != model.sentence);
    showSwitch(*m_home, model.home);
    showSwitch(*m_exit, model.exit);
    if (!sameExits)
        showExits(model);
    m_icon.setToolTip(model.tooltip);
    const TrayLook look{model.home.glyph, model.exit.glyph, m_look.ground, m_look.symbolic};
    if (look == m_look)
        return;
    m_look = look;
    m_icon.setIcon(trayIcon(look));
}

void TrayIcon::showSwitch(QAction &action, const SwitchModel &model)
{
    action.setText(literal(model.menuText));
    action.setChecked(model.checked);
    action.setEnabled(model.enabled);
}

void TrayIcon::showExits(const TrayModel &model)
{
    m_exits.clear();
    m_exits.menuAction()->setVisible(!model.exits.empty());
    for (const ExitRow &row : model.exits) {
        QAction *action = m_exits.addAction(literal(row.name));
        action->setCheckable(true);
        action->setChecked(row.checked);
        action->setEnabled(model.exitsEnabled);
        connect(action, &QAction::triggered, this, [this, action, row] {
            action->setChecked(row.checked);
            Q_EMIT exitChosen(row.name);
        });
    }
}

/// Hosts open the menu themselves. XEmbed trays report that as Context, which must not open a window over it.
void TrayIcon::activated(QSystemTrayIcon::ActivationReason reason)
{
    if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
        Q_EMIT windowRequested();
}

} // namespace sallyport
