// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/present.h"

#include "core/present/exit_words.h"
#include "core/present/home_words.h"
#include "core/present/menu_rows.h"
#include "core/present/words.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// While the helper cannot be asked nothing is known, and nothing is shown that was not measured.
SwitchModel unknownSwitch(const QString &title, Link::State state)
{
    const bool searching = state == Link::State::Searching;
    SwitchModel model;
    model.title = title;
    model.glyph = searching ? Glyph::Starting : Glyph::Attention;
    model.state = searching ? Words::tr("Looking…") : Words::tr("Not known");
    model.menuText = title;
    return model;
}

/// What we asked for is shown as a word beside the state, never as the state.
void showPending(SwitchModel &model, std::optional<bool> wanted)
{
    if (!wanted)
        return;
    model.busy = true;
    if (*wanted != model.checked)
        model.state = *wanted ? Words::tr("Switching on…") : Words::tr("Switching off…");
    else if (*wanted)
        model.state = Words::tr("Changing…");
}

QString menuText(const SwitchModel &model)
{
    const bool plain = !model.busy && (model.glyph == Glyph::On || model.glyph == Glyph::Off) && model.enabled;
    //: %1 is Home or Exit, %2 what it is doing
    return plain ? model.title : Words::tr("%1 – %2").arg(model.title, model.state);
}

SwitchModel homeSwitch(const Snapshot &snapshot, const Link &link)
{
    SwitchModel model;
    model.title = Words::tr("Home");
    model.glyph = homeGlyph(snapshot.home);
    model.checked = snapshot.home.enabled;
    model.enabled = snapshot.home.configured || snapshot.home.enabled;
    model.state = homeState(snapshot.home);
    model.lines = homeLines(snapshot.home);
    showPending(model, link.pending.home);
    model.menuText = menuText(model);
    return model;
}

SwitchModel exitSwitch(const Snapshot &snapshot, const Link &link)
{
    SwitchModel model;
    model.title = Words::tr("Exit");
    model.glyph = exitGlyph(snapshot);
    model.checked = snapshot.exit.enabled;
    model.enabled = !snapshot.exit.available.isEmpty() || snapshot.exit.enabled;
    model.state = exitState(snapshot);
    model.lines = exitLines(snapshot);
    const auto named = link.pending.exitName ? std::optional(model.checked) : std::nullopt;
    showPending(model, link.pending.exit ? link.pending.exit : named);
    model.menuText = menuText(model);
    return model;
}

QString sentenceOf(const Snapshot &snapshot)
{
    const bool bothOff = homeGlyph(snapshot.home) == Glyph::Off && exitGlyph(snapshot) == Glyph::Off;
    if (bothOff && snapshot.home.configured && !snapshot.guard.pausedUntil)
        return Words::tr("Home and Exit are off. Internet goes out as usual.");
    //: %1 is a sentence about Home, %2 one about Exit
    return Words::tr("%1 %2").arg(homeSentence(snapshot.home), exitSentence(snapshot));
}

Trouble troubleOf(const Conflict &conflict)
{
    //: %1 is the name of another program, %2 what it does
    return {Words::tr("%1 is in the way: %2").arg(conflict.who, conflict.what), conflict.advice, {}};
}

/// The answer to the person's own request goes first.
Trouble troubleOf(const Snapshot &snapshot, const Link &link)
{
    if (link.refusal)
        return troubleOf(*link.refusal);
    if (snapshot.lastError)
        return troubleOf(*snapshot.lastError);
    return snapshot.conflicts.empty() ? Trouble{} : troubleOf(snapshot.conflicts.front());
}

TrayModel presentUnknown(const Link &link)
{
    TrayModel model;
    model.home = unknownSwitch(Words::tr("Home"), link.state);
    model.exit = unknownSwitch(Words::tr("Exit"), link.state);
    model.trouble = troubleOf(link.state);
    model.sentence = model.trouble.isEmpty() ? Words::tr("Looking for the background service…") : model.trouble.what;
    model.tooltip = model.sentence;
    if (link.refusal && model.trouble.detail.isEmpty())
        model.trouble.detail = link.refusal->detail;
    return model;
}

} // namespace

TrayModel present(const Snapshot &snapshot, const Link &link, const Habits &habits)
{
    if (link.state != Link::State::Connected)
        return presentUnknown(link);
    TrayModel model;
    model.home = homeSwitch(snapshot, link);
    model.exit = exitSwitch(snapshot, link);
    model.exits = menuExits(snapshot.exit, habits);
    model.exitsEnabled = true;
    model.hasMoreExits = model.exits.size() < static_cast<std::size_t>(snapshot.exit.available.size());
    model.devices = menuDevices(snapshot);
    model.pause = pauseModel(snapshot);
    model.lockdown = lockdownModel(snapshot);
    model.sentence = sentenceOf(snapshot);
    model.trouble = troubleOf(snapshot, link);
    model.tooltip = model.trouble.isEmpty() ? model.sentence : QString(model.sentence + u'\n' + model.trouble.what);
    return model;
}

IntentChange exitSwitched(const Snapshot &snapshot, bool on)
{
    IntentChange change;
    change.exit = on;
    if (on && snapshot.exit.name.isEmpty() && !snapshot.exit.available.isEmpty())
        change.exitName = snapshot.exit.available.front();
    return change;
}

IntentChange homeSwitched(bool on)
{
    IntentChange change;
    change.home = on;
    return change;
}

IntentChange exitChosen(const QString &name)
{
    IntentChange change;
    change.exit = true;
    change.exitName = name;
    return change;
}

IntentChange lastExitToggled(const Snapshot &snapshot, const Habits &habits)
{
    IntentChange change = exitSwitched(snapshot, !snapshot.exit.enabled);
    const auto known = std::ranges::find_if(
        habits.recentExits, [&](const QString &name) { return snapshot.exit.available.contains(name); });
    if (!snapshot.exit.enabled && snapshot.exit.name.isEmpty() && known != habits.recentExits.end())
        change.exitName = *known;
    return change;
}

IntentChange pausedFor(std::chrono::seconds length)
{
    IntentChange change;
    change.pauseSeconds = static_cast<quint32>(length.count());
    return change;
}

IntentChange lockdownSwitched(bool on)
{
    IntentChange change;
    change.lockdown = on;
    return change;
}

IntentChange pathPreferred(const PathPreference &path)
{
    IntentChange change;
    change.path = path;
    return change;
}

} // namespace sallyport
