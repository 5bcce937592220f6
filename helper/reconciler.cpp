// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/reconciler.h"

#include "core/plan/planner.h"

#include <utility>

namespace sallyport {

Result<ObservedState> Reconciler::reconcile(
    const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets)
{
    auto observed = m_kernel.observe();
    if (!observed)
        return observed.error();
    const auto desired = desiredStateOf(configuration, intent, observed->uplinks, secrets);
    if (!desired)
        return desired.error();
    Plan plan = sallyport::plan(*desired, *observed);
    // A link that is wanted again is no longer to be deleted, so the newest plan replaces older leftovers.
    m_later = std::move(plan.later);
    if (plan.now.empty())
        return observed;
    if (const auto done = run(plan.now, m_kernel); !done)
        return done.error();
    return m_kernel.observe();
}

Result<Done> Reconciler::runLater()
{
    return run(std::exchange(m_later, {}), m_kernel);
}

} // namespace sallyport
