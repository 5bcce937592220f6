// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/switch_words.h"

#include "app/cli/text.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

QString switchName(const SwitchRequest &request)
{
    return request.which == Switch::Home ? u"Home"_s : u"Exit"_s;
}

QString exitNameOf(const SwitchRequest &request, const Snapshot &snapshot)
{
    const QString name = request.exitName.isEmpty() ? snapshot.exit.name : request.exitName;
    return name.isEmpty() ? u"the exit"_s : name;
}

} // namespace

IntentChange changeOf(const SwitchRequest &request)
{
    IntentChange change;
    if (request.which == Switch::Home)
        change.home = request.on;
    else
        change.exit = request.on;
    if (!request.exitName.isEmpty())
        change.exitName = request.exitName;
    return change;
}

bool isReached(const SwitchRequest &request, const Snapshot &snapshot)
{
    const bool home = request.which == Switch::Home;
    const bool enabled = home ? snapshot.home.enabled : snapshot.exit.enabled;
    const Phase phase = home ? snapshot.home.phase : snapshot.exit.phase;
    if (!request.on)
        return !enabled && phase == Phase::Off;
    const bool chosen = request.exitName.isEmpty() || snapshot.exit.name == request.exitName;
    return enabled && phase == Phase::Up && chosen;
}

QString progressLine(const SwitchRequest &request, const Snapshot &snapshot, std::chrono::seconds since)
{
    QString what = u"Switching %1 %2"_s.arg(switchName(request), request.on ? u"on"_s : u"off"_s);
    if (request.on && request.which == Switch::Exit)
        what = u"Asking %1 to answer"_s.arg(exitNameOf(request, snapshot));
    return u"%1… %2 s"_s.arg(what).arg(since.count());
}

QString reasonLine(const SwitchRequest &request, const Snapshot &snapshot)
{
    const auto seconds = request.patience.value_or(kDefaultPatience).count();
    const QString state = request.on ? u"on"_s : u"off"_s;
    if (snapshot.lastError)
        return u"%1 is not %2 after %3 s: %4"_s.arg(switchName(request), state)
            .arg(seconds)
            .arg(sentenceOf(*snapshot.lastError));
    if (!request.on || request.which == Switch::Home)
        return u"%1 is not %2 after %3 s; see 'sally doctor'"_s.arg(switchName(request), state).arg(seconds);
    const bool open = snapshot.guard.state == GuardState::Open || snapshot.guard.state == GuardState::Connected;
    return u"%1 has not answered for %2 s%3; choose another with 'sally exit use NAME', or 'sally exit off'"_s
        .arg(exitNameOf(request, snapshot))
        .arg(seconds)
        .arg(open ? QString() : u" and the internet stays blocked, so that nothing leaks"_s);
}

QString interruptedLine(const SwitchRequest &request, bool accepted)
{
    if (!accepted)
        return u"interrupted; the request may still be carried out, see 'sally status'"_s;
    return u"interrupted; %1 stays asked for, 'sally %2 %3' takes it back"_s.arg(
        switchName(request) + (request.on ? u" on"_s : u" off"_s), switchName(request).toLower(),
        request.on ? u"off"_s : u"on"_s);
}

} // namespace sallyport::cli
