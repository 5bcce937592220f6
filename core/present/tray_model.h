// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

/// Everything that the tray and the window show, as values. They render it and decide nothing.
namespace sallyport {

/// One half of the icon.
enum class Glyph {
    Off,
    Starting,
    On,
    Doubtful, ///< on, but stale or not proved
    Blocked,
    Attention,
};

/// One of the two switches.
struct SwitchModel {
    QString title; ///< Home, Exit
    Glyph glyph = Glyph::Off;
    bool checked = false; ///< as the helper says, never as asked for
    bool enabled = false;
    bool busy = false; ///< a request of ours is under way
    QString state; ///< one or two words: On, Off, Switching on…
    QStringList lines; ///< the facts below it
    QString menuText; ///< title, and what is going on if something is

    bool operator==(const SwitchModel &) const = default;
};

enum class ExitGroup { Favourite, Recent, Other };

struct ExitRow {
    QString name;
    bool checked = false;
    ExitGroup group = ExitGroup::Other;

    bool operator==(const ExitRow &) const = default;
};

struct DeviceEntry {
    QString name;
    QString address; ///< in the mesh
    bool isOnline = false;
    QString exitName; ///< the exit that leads through it; empty: none is set up

    bool operator==(const DeviceEntry &) const = default;
};

struct PauseModel {
    bool isOffered = false;
    bool isPaused = false;
    QString title;

    bool operator==(const PauseModel &) const = default;
};

struct LockdownModel {
    bool checked = false;
    bool enabled = false;

    bool operator==(const LockdownModel &) const = default;
};

/// What is wrong, what to do about it, and what the helper said, untranslated, for a bug report.
struct Trouble {
    QString what;
    QString todo;
    QString detail;

    bool isEmpty() const { return what.isEmpty(); }
    bool operator==(const Trouble &) const = default;
};

struct TrayModel {
    SwitchModel home;
    SwitchModel exit;
    std::vector<ExitRow> exits;
    bool exitsEnabled = false;
    bool hasMoreExits = false; ///< than fit into a menu
    std::vector<DeviceEntry> devices;
    PauseModel pause;
    LockdownModel lockdown;
    QString sentence; ///< what is on, in plain words
    QString tooltip;
    Trouble trouble; ///< empty: none

    bool operator==(const TrayModel &) const = default;
};

} // namespace sallyport
