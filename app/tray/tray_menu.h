// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/tray_model.h"

#include <QMenu>

#include <chrono>

namespace sallyport {

/// What the icon in the panel offers. Hosts copy menus over D-Bus and some fill submenus only once, so parts of it are
/// rebuilt only when what they say has changed, and everything is there before it is opened.
///
/// There is no "Repair DNS": the helper looks after the system's resolver by itself and has no call for it.
class TrayMenu : public QMenu {
    Q_OBJECT

public:
    explicit TrayMenu(QWidget *parent = nullptr);

    void show(const TrayModel &model);

Q_SIGNALS:
    void homeRequested(bool on);
    void exitRequested(bool on);
    void exitChosen(const QString &name);
    void pauseRequested(std::chrono::seconds length);
    void lockdownRequested(bool on);
    void copyRequested(const QString &text);
    void windowRequested();
    void exitsPageRequested();
    void setupRequested();
    void quitRequested();

private:
    void buildSwitches();
    void buildPause();
    void showSwitch(QAction &action, const SwitchModel &model);
    void showExits();
    void showPause();
    void showDevices();
    void addDevice(const DeviceEntry &device);

    QMenu m_exits;
    QMenu m_pause;
    QMenu m_devices;
    QAction *m_sentence;
    QAction *m_trouble;
    QAction *m_home = nullptr;
    QAction *m_exit = nullptr;
    QAction *m_lockdown;
    TrayModel m_shown;
};

} // namespace sallyport
