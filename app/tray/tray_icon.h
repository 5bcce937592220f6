// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/icons/glyph_painter.h"
#include "app/tray/tray_menu.h"

#include <QObject>
#include <QSystemTrayIcon>

namespace sallyport {

/// How the icon is to be drawn.
struct TrayStyle {
    Ground ground = Ground::Unknown;
    bool symbolic = false;

    bool operator==(const TrayStyle &) const = default;
};

/// The icon in the panel. A left click asks for the window, a middle click for the exit used last, a right click opens the
/// menu. Renders a model; says what the person asked for and changes nothing by itself.
///
/// A StatusNotifierItem may be Passive (both off: the panel may tuck it away), Active or NeedsAttention.
/// QSystemTrayIcon always says Active, and NeedsAttention only while it shows a message, so what needs the person is
/// drawn: an exclamation mark in place of the glyph.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(const TrayStyle &style, QObject *parent = nullptr);

    void show(const TrayModel &model);
    void setStyle(const TrayStyle &style);
    TrayMenu &menu() { return m_menu; }
    QSystemTrayIcon &item() { return m_icon; }

Q_SIGNALS:
    void windowRequested();
    void lastExitToggled();

private:
    void activated(QSystemTrayIcon::ActivationReason reason);
    void draw(const TrayLook &look);

    TrayMenu m_menu;
    QSystemTrayIcon m_icon;
    TrayLook m_look;
};

} // namespace sallyport
