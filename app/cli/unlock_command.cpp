// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/unlock_command.h"

#include "app/cli/boot_lock.h"
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
        unlockByForce();
        return;
    }
    m_client.setReplyTimeout(kHelperLimit);
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (snapshot && !isLocked(*snapshot)) {
            m_helperUnlocked = true;
            unlockByForce();
            return;
        }
        IntentChange change;
        change.exit = false;
        change.lockdown = false;
        m_client.setIntent(change, this, [this](const Result<Done> &reply) {
            m_helperUnlocked = static_cast<bool>(reply);
            if (reply)
                m_done += u"The helper switched Exit and lockdown off."_s;
            else
                m_console.warn(u"the helper did not help: "_s + sentenceOf(reply.error()));
            unlockByForce();
        });
    });
}

void UnlockCommand::unlockByForce()
{
    if (const auto unlocked = removeByForce(); !unlocked)
        Q_EMIT finished(m_console.fail(unlocked.error()));
    else
        report();
}

Result<Done> UnlockCommand::removeByForce()
{
    const auto table = removeGuardTable();
    if (table && *table)
        m_done += u"The table %1 was removed."_s.arg(QLatin1StringView(kGuardTable));
    const auto rules = removeExitRules();
    if (rules && *rules > 0)
        m_done += u"The rule of the exit was removed."_s;
    const auto boot = removeBootGuard();
    if (boot && *boot)
        m_done += u"The guard of the next boot was removed."_s;
    const auto word = m_helperUnlocked ? Result<bool>(false) : askNextHelperToUnlock();
    if (word && *word && !m_done.isEmpty())
        m_done += u"The helper will start with Exit and lockdown off."_s;
    // All is tried before the first failure is told: what could be opened is open.
    if (!table)
        return table.error();
    if (!rules)
        return rules.error();
    if (!boot)
        return boot.error();
    return word ? Result<Done>(Done{}) : word.error();
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
