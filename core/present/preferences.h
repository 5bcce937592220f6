// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDateTime>
#include <QMap>
#include <QStringList>

#include <vector>

/// What the application remembers of a person, on their side. Never anything that the helper has to know.
namespace sallyport {

/// Which exits were used and are liked.
struct Habits {
    QStringList recentExits; ///< the newest first, at most kRecentExits
    QStringList favouriteExits; ///< in the order in which they were chosen

    bool operator==(const Habits &) const = default;
};

inline constexpr qsizetype kRecentExits = 5;

Habits withUsedExit(Habits habits, const QString &name);
/// A favourite becomes none, any other one.
Habits withFavouriteToggled(Habits habits, const QString &name);

/// What is worth a notification; one switch for each.
struct Notices {
    bool blocked = true;
    bool exitChanged = false;
    bool deviceJoined = true;
    bool serviceLost = true;

    bool operator==(const Notices &) const = default;
};

/// How the icon in the panel is drawn. Panels do not tell their colour.
enum class IconStyle { Automatic, Coloured, LightOnDark, DarkOnLight };

/// A host outside that the program may ask, unless the person switched it off.
struct ContactRecord {
    QString host;
    bool isAllowed = true;
    QDateTime last; ///< invalid: never

    bool operator==(const ContactRecord &) const = default;
};

struct Preferences {
    Habits habits;
    Notices notices;
    IconStyle iconStyle = IconStyle::Automatic;
    bool explainedMissingTray = false;
    std::vector<ContactRecord> contacts;
    QMap<QString, QString> providerAddresses; ///< where a provider's interface is, if not where it always was

    bool operator==(const Preferences &) const = default;
};

} // namespace sallyport
