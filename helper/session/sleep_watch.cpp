// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/session/sleep_watch.h"

namespace sallyport {

using namespace Qt::StringLiterals;

/// Only from the owner of logind's name: anybody may send a signal that looks like this one.
SleepWatch::SleepWatch(QDBusConnection bus, QObject *parent) : QObject(parent)
{
    bus.connect(u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s,
        u"PrepareForSleep"_s, this, SLOT(prepareForSleep(bool)));
}

/// Nothing is put off that would have to be saved before the machine sleeps.
void SleepWatch::prepareForSleep(bool begins)
{
    if (!begins)
        Q_EMIT woke();
}

} // namespace sallyport
