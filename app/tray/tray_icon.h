// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/icons/glyph_painter.h"
#include "core/model/intent.h"
#include "core/present/tray_model.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace sallyport {

/// The icon in the panel and its menu. Renders a model; says what the person asked for and changes nothing by itself.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(Ground ground, bool symbolic, QObject *parent = nullptr);

    void show(const TrayModel &model);
    QMenu &menu() { return m_menu; }

Q_SIGNALS:
    void homeRequested(bool on);
    void exitRequested(bool on);
    void exitChosen(const QString &name);
    void windowRequested();
    void quitRequested();

private:
    void build();
    void showSwitch(QAction &action, const SwitchModel &model);
    void showExits(const TrayModel &model);
    void activated(QSystemTrayIcon::ActivationReason reason);

    QMenu m_menu;
    QMenu m_exits;
    QSystemTrayIcon m_icon;
    QAction *m_sentence = nullptr;
    QAction *m_home = nullptr;
    QAction *m_exit = nullptr;
    QAction *m_trouble = nullptr;
    TrayModel m_shown;
    TrayLook m_look;
};

} // namespace sallyport
