// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/tray/tray_icon.h"

namespace sallyport {

TrayIcon::TrayIcon(const TrayStyle &style, QObject *parent)
    : QObject(parent), m_look{Glyph::Starting, Glyph::Starting, style.ground, style.symbolic}
{
    connect(&m_icon, &QSystemTrayIcon::activated, this, &TrayIcon::activated);
    m_icon.setIcon(trayIcon(m_look));
    m_icon.setContextMenu(&m_menu);
    m_icon.show();
}

void TrayIcon::show(const TrayModel &model)
{
    m_menu.show(model);
    m_icon.setToolTip(model.tooltip);
    draw({model.home.glyph, model.exit.glyph, m_look.ground, m_look.symbolic});
}

void TrayIcon::setStyle(const TrayStyle &style)
{
    draw({m_look.house, m_look.shield, style.ground, style.symbolic});
}

void TrayIcon::draw(const TrayLook &look)
{
    if (look == m_look)
        return;
    m_look = look;
    m_icon.setIcon(trayIcon(look));
}

/// Hosts open the menu themselves. XEmbed trays report that as Context, which must not open a window over it.
void TrayIcon::activated(QSystemTrayIcon::ActivationReason reason)
{
    if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
        Q_EMIT windowRequested();
    else if (reason == QSystemTrayIcon::MiddleClick)
        Q_EMIT lastExitToggled();
}

} // namespace sallyport
