// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/reconciler.h"

#include "core/plan/planner.h"

#include <QElapsedTimer>
#include <QLoggingCategory>

#include <utility>

namespace sallyport {

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
/// ENETUNREACH). Setting the endpoint that it has already makes it choose again. The kernel's WireGuard does so itself.
std::vector<Operation> newSourceAddresses(const ObservedState &observed)
{
    std::vector<Operation> operations;
    for (const ObservedLink &link : observed.links) {
        ConfigureWireGuard change;
        change.link = link.name;
        for (const ObservedPeer &each : link.peers) {
            PeerChange peer;
            peer.publicKey = each.peer.publicKey;
            peer.updateOnly = true;
            peer.endpoint = each.peer.endpoint;
            if (peer.endpoint)
                change.peers.push_back(std::move(peer));
        }
        if (link.ours && link.backend == Backend::Userspace && !change.peers.empty())
            operations.emplace_back(std::move(change));
    }
    return operations;
}

} // namespace

Result<ObservedState> Reconciler::reconcile(
    const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets, WithoutExit withoutExit)
{
    // A link that is wanted again is no longer to be deleted, nor are the leftovers of a plan that did not come true.
    m_later.clear();
    TimedKernel kernel(m_kernel);
    auto observed = kernel.observe();
    if (!observed)
        return observed.error();
    const auto desired = desiredStateOf(configuration, intent, observed->uplinks, secrets, observed->virtualNetworks);
    if (!desired)
        return desired.error();
    if (desired->missingExit && withoutExit == WithoutExit::Refuse)
        return *desired->missingExit;
    m_missingExit = desired->missingExit;
    if (std::exchange(m_uplinks, observed->uplinks) != observed->uplinks) {
        if (const auto done = run(newSourceAddresses(*observed), kernel); !done)
            return done.error();
    }
    Plan plan = sallyport::plan(*desired, *observed);
    kernel.tell(QStringLiteral("plan"));
    if (const auto done = run(plan.now, kernel); !done)
        return done.error();
    m_discomfort.reset();
    if (const auto done = run(plan.comfort, kernel); !done)
        m_discomfort = done.error();
    m_later = std::move(plan.later);
    return plan.now.empty() && plan.comfort.empty() ? observed : kernel.observe();
}

Result<Done> Reconciler::runLater()
{
    return run(std::exchange(m_later, {}), m_kernel);
}

} // namespace sallyport
