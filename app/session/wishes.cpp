// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/wishes.h"

#include "core/present/present.h"

#include <QClipboard>
#include <QGuiApplication>

namespace sallyport {

Wishes::Wishes(Store &store, PreferencesFile &preferences, QObject *parent)
    : QObject(parent), m_store(store), m_preferences(preferences)
{
    connect(&m_store, &Store::changed, this, &Wishes::rememberExit);
}

void Wishes::switchHome(bool on)
{
    m_store.request(homeSwitched(on));
}

void Wishes::switchExit(bool on)
{
    m_store.request(exitSwitched(m_store.snapshot(), on));
}

void Wishes::chooseExit(const QString &name)
{
    m_store.request(exitChosen(name));
}

void Wishes::toggleLastExit()
{
    m_store.request(lastExitToggled(m_store.snapshot(), m_preferences.values().habits));
}

void Wishes::pause(std::chrono::seconds length)
{
    m_store.request(pausedFor(length));
}

void Wishes::switchLockdown(bool on)
{
    m_store.request(lockdownSwitched(on));
}

void Wishes::preferPath(const PathPreference &path)
{
    m_store.request(pathPreferred(path));
}

void Wishes::toggleFavourite(const QString &exit)
{
    Preferences values = m_preferences.values();
    values.habits = withFavouriteToggled(values.habits, exit);
    m_preferences.change(values);
}

void Wishes::copy(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
}

/// Used is what answered, not what was asked for; also when somebody else switched.
void Wishes::rememberExit()
{
    const Snapshot &snapshot = m_store.snapshot();
    if (m_store.link().state != Link::State::Connected || !snapshot.exit.enabled || snapshot.exit.phase != Phase::Up)
        return;
    Preferences values = m_preferences.values();
    values.habits = withUsedExit(values.habits, snapshot.exit.name);
    m_preferences.change(values);
}

} // namespace sallyport
