// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/preferences.h"

namespace sallyport {

Habits withUsedExit(Habits habits, const QString &name)
{
    if (name.isEmpty())
        return habits;
    habits.recentExits.removeAll(name);
    habits.recentExits.prepend(name);
    habits.recentExits = habits.recentExits.mid(0, kRecentExits);
    return habits;
}

Habits withFavouriteToggled(Habits habits, const QString &name)
{
    if (habits.favouriteExits.removeAll(name) == 0)
        habits.favouriteExits.append(name);
    return habits;
}

} // namespace sallyport
