// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/desired_state_of.h"
#include "core/ports/kernel.h"

namespace sallyport {

/// Compares what is wanted with what is and closes the difference. Level-triggered: it never remembers what it did, only
/// on which networks the machine stood.
class Reconciler {
public:
    explicit Reconciler(Kernel &kernel) : m_kernel(kernel) {}

    /// About an exit that is wanted and cannot be built. A request is refused before anything is changed; at any other
    /// time the rest is made true and nothing goes out.
    enum class WithoutExit { Refuse, GoOn };

    /// Returns what is afterwards. Refused operations leave whatever came before them in place; the caller decides
    /// what is wanted instead.
    Result<ObservedState> reconcile(
        const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets, WithoutExit withoutExit);
    Result<ObservedState> observe() { return m_kernel.observe(); }

    /// Why the last time the exit could not be built.
    const std::optional<Error> &missingExit() const { return m_missingExit; }
    /// Why something was left out that the rest works without.
    const std::optional<Error> &discomfort() const { return m_discomfort; }
    /// Operations that only free resources and may run after the answer was given.
    bool hasLater() const { return !m_later.empty(); }
    Result<Done> runLater();

private:
    Kernel &m_kernel;
    std::vector<Operation> m_later;
    std::optional<Error> m_missingExit;
    std::optional<Error> m_discomfort;
    std::vector<Uplink> m_uplinks; ///< of the last time: only their change is acted upon
};

} // namespace sallyport
