// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/store.h"
#include "app/session/preferences_file.h"

namespace sallyport {

/// What a person can ask for, wherever they ask: in the menu of the panel or on a page. Makes a request of it.
class Wishes : public QObject {
    Q_OBJECT

public:
    Wishes(Store &store, PreferencesFile &preferences, QObject *parent = nullptr);

public Q_SLOTS:
    void switchHome(bool on);
    void switchExit(bool on);
    void chooseExit(const QString &name);
    void toggleLastExit();
    void pause(std::chrono::seconds length);
    void switchLockdown(bool on);
    void preferPath(const sallyport::PathPreference &path);
    void toggleFavourite(const QString &exit);
    void copy(const QString &text);

private:
    void rememberExit();

    Store &m_store;
    PreferencesFile &m_preferences;
};

} // namespace sallyport
