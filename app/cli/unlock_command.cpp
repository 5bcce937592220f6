// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/unlock_command.h"

#include "app/cli/kernel_lock.h"
#include "app/cli/text.h"
#include "core/constants.h"

#include <unistd.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

/// The person has no internet: nobody should wait for a helper that hangs.
constexpr std::chrono::seconds kHelperLimit{10};

bool isLocked(const Snapshot &snapshot)
{
    return snapshot.exit.enabled || snapshot.guard.state != GuardState::Open;
}

} // namespace

UnlockCommand::UnlockCommand(bool json, HelperClient &client, Console &console)
    : m_json(json), m_client(client), m_console(console)
{
}

void UnlockCommand::start()
{
    if (geteuid() != 0) {
        Q_EMIT finished(m_console.fail(
            ExitCode::NotAuthorized, u"only root may open the guard by force; use 'sudo sally unlock'"_s));
        return;
    }
    if (!m_client.isAvailable()) {
        removeByForce();
        return;
    }
    m_client.setReplyTimeout(kHelperLimit);
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (snapshot && !isLocked(*snapshot)) {
            removeByForce();
            return;
        }
        IntentChange change;
        change.exit = false;
        change.lockdown = false;
        m_client.setIntent(change, this, [this](const Result<Done> &reply) {
            if (reply)
                m_done += u"The helper switched Exit and lockdown off."_s;
            else
                m_console.warn(u"the helper did not help: "_s + sentenceOf(reply.error()));
            removeByForce();
        });
    });
}

void UnlockCommand::removeByForce()
{
    const auto table = removeGuardTable();
    if (table && *table)
        m_done += u"The table %1 was removed."_s.arg(QLatin1StringView(kGuardTable));
    const auto rules = removeExitRules();
    if (rules && *rules > 0)
        m_done += u"The rule of the exit was removed."_s;
    if (!table)
        Q_EMIT finished(m_console.fail(table.error()));
    else if (!rules)
        Q_EMIT finished(m_console.fail(rules.error()));
    else
        report();
}

void UnlockCommand::report()
{
    if (m_json)
        m_console.printJson({{u"unlocked"_s, !m_done.isEmpty()}, {u"done"_s, m_done}});
    else
        m_console.print(m_done.isEmpty() ? QStringList{u"Nothing was locked."_s} : m_done);
    Q_EMIT finished(ExitCode::Done);
}

} // namespace sallyport::cli
