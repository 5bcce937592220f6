// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/reconciler.h"

#include "core/constants.h"
#include "core/plan/conflicts.h"
#include "core/plan/dns_words.h"
#include "core/plan/planner.h"
#include "core/plan/seats.h"

#include <QElapsedTimer>
#include <QLoggingCategory>

#include <algorithm>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcReconciler, "sallyport.reconciler", QtWarningMsg)

/// For `QT_LOGGING_RULES=sallyport.reconciler.debug=true`: what each step takes.
class TimedKernel : public Kernel {
public:
    explicit TimedKernel(Kernel &kernel) : m_kernel(kernel) { m_clock.start(); }

    Result<ObservedState> observe() override
    {
        auto observed = m_kernel.observe();
        tell(QStringLiteral("observe"));
        return observed;
    }

    Result<Done> execute(const Operation &operation) override
    {
        auto done = m_kernel.execute(operation);
        if (lcReconciler().isDebugEnabled())
            tell(describe(operation));
        return done;
    }

    void tell(const QString &step)
    {
        qCDebug(
            lcReconciler, "%6lld us  %s", static_cast<long long>(m_clock.nsecsElapsed() / 1000), qUtf8Printable(step));
        m_clock.restart();
    }

private:
    Kernel &m_kernel;
    QElapsedTimer m_clock;
};

/// wireguard-go sends each peer from the address at which it last heard that peer, and goes on doing so when this
/// machine has the address no longer (seen with 0.0.20220316, which forgets it only after EINVAL; the kernel says
/// ENETUNREACH). With another mark it chooses anew for all of them. Only a bit that nobody looks at is another for that
/// moment, and no endpoint is touched: where a peer is may be known better by now than when we looked. The kernel's
/// WireGuard chooses anew by itself.
std::vector<Operation> newSourceAddresses(const ObservedState &observed)
{
    static_assert((kMarkMask & 1) == 0);
    std::vector<Operation> operations;
    for (const ObservedLink &link : observed.links) {
        if (!link.ours || link.backend != Backend::Userspace || link.mark == 0)
            continue;
        for (const quint32 mark : {link.mark ^ 1, link.mark}) {
            ConfigureWireGuard change;
            change.link = link.name;
            change.mark = mark;
            operations.emplace_back(std::move(change));
        }
    }
    return operations;
}

bool touchesRules(const Plan &plan)
{
    return std::ranges::any_of(plan.now, [](const Operation &operation) {
        return std::holds_alternative<AddRule>(operation) || std::holds_alternative<DeleteRule>(operation);
    });
}

/// What a person is told when `operation` was refused and the rest went on.
Conflict discomfortOf(const Operation &operation, const Error &error)
{
    if (std::holds_alternative<WriteBootGuard>(operation))
        return {u"guard at boot"_s, error.detail,
            u"Make /var/lib/sallyport writable; until then the internet is open from boot until the helper runs."_s};
    if (std::holds_alternative<WriteDns>(operation))
        return dnsRefused(error);
    if (std::holds_alternative<WriteSetting>(operation))
        return {u"address resolution"_s, error.detail,
            u"Neighbours on this network may learn the addresses of the tunnels; nothing else works differently."_s};
    return {u"hosts file"_s, error.detail, u"Devices are reached by their addresses."_s};
}

} // namespace

Result<ObservedState> Reconciler::reconcile(
    const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets, Insistence insistence)
{
    m_repairs.forget();
    return close(configuration, intent, secrets, insistence, Rules::PutRight);
}

Result<ObservedState> Reconciler::repair(
    const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets)
{
    auto observed
        = close(configuration, intent, secrets, {}, m_repairs.isAllowed() ? Rules::PutRight : Rules::LeftAlone);
    if (m_changesRules)
        m_repairs.note();
    if (observed && m_leavesRules)
        m_discomforts.push_back(fightOver(*observed));
    return observed;
}

std::optional<std::chrono::milliseconds> Reconciler::rest() const
{
    if (!m_leavesRules)
        return std::nullopt;
    return std::max(std::chrono::ceil<std::chrono::milliseconds>(m_repairs.rest()), std::chrono::milliseconds(1));
}

Result<ObservedState> Reconciler::close(const Configuration &configuration, const Intent &intent,
    const KnownSecrets &secrets, Insistence insistence, Rules rules)
{
    m_changesRules = m_leavesRules = false;
    // A link that is wanted again is no longer to be deleted, nor are the leftovers of a plan that did not come true.
    m_later.clear();
    TimedKernel kernel(m_kernel);
    auto observed = kernel.observe();
    if (!observed)
        return observed.error();
    observed->mesh = m_mesh;
    DesiredState desired = desiredStateOf(configuration, intent, *observed, secrets);
    if (insistence.exit && desired.missingExit)
        return *desired.missingExit;
    if (insistence.home && desired.missingHome)
        return *desired.missingHome;
    m_missing = desired.missingExit ? desired.missingExit : desired.missingHome;
    if (std::exchange(m_uplinks, observed->uplinks) != observed->uplinks) {
        if (const auto done = run(newSourceAddresses(*observed), kernel); !done)
            return done.error();
    }
    desired.rules = seated(std::move(desired.rules), seatsAmong(observed->others, observed->uplinks));
    Plan plan = sallyport::plan(desired, *observed);
    m_changesRules = rules == Rules::PutRight && touchesRules(plan);
    m_leavesRules = rules == Rules::LeftAlone && touchesRules(plan);
    if (m_leavesRules) {
        desired.rules = observed->rules;
        plan = sallyport::plan(desired, *observed);
    }
    kernel.tell(QStringLiteral("plan"));
    if (const auto done = run(plan.now, kernel); !done)
        return done.error();
    runComfort(plan.comfort, kernel);
    m_later = std::move(plan.later);
    return plan.now.empty() && plan.comfort.empty() ? observed : kernel.observe();
}

void Reconciler::runComfort(const std::vector<Operation> &operations, Kernel &kernel)
{
    m_discomforts.clear();
    for (const Operation &operation : operations) {
        if (const auto done = kernel.execute(operation); !done)
            m_discomforts.push_back(discomfortOf(operation, done.error()));
    }
}

Result<Done> Reconciler::runLater()
{
    return run(std::exchange(m_later, {}), m_kernel);
}

} // namespace sallyport
