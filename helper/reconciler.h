// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/plan/desired_state_of.h"
#include "core/ports/kernel.h"
#include "helper/repair_limit.h"

namespace sallyport {

/// What a request asked for: if it cannot be built, the request is refused and nothing is changed.
struct Insistence {
    bool home = false;
    bool exit = false;
};

/// Compares what is wanted with what is and closes the difference. Level-triggered: it never remembers what it did, only
/// on which networks the machine stood.
class Reconciler {
public:
    explicit Reconciler(Kernel &kernel) : m_kernel(kernel) {}

    /// Returns what is afterwards. Refused operations leave whatever came before them in place; the caller decides
    /// what is wanted instead.
    Result<ObservedState> reconcile(const Configuration &configuration, const Intent &intent,
        const KnownSecrets &secrets, Insistence insistence = {});
    /// The same without a person's request, after a change by somebody else: rules that were removed or overtaken are
    /// put back, but not without end.
    Result<ObservedState> repair(const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets);
    Result<ObservedState> observe() { return m_kernel.observe(); }
    /// What meshd has found out, for all plans from now on.
    void setMesh(MeshWord word) { m_mesh = std::move(word); }

    /// How long rules that were left alone by repair() have to wait; none: nothing was left alone.
    std::optional<std::chrono::milliseconds> rest() const;

    /// Why a switch that is on could not be made true the last time.
    const std::optional<Error> &missing() const { return m_missing; }
    /// What was left out the last time that the rest works without.
    const std::vector<Conflict> &discomforts() const { return m_discomforts; }
    /// Operations that only free resources and may run after the answer was given.
    bool hasLater() const { return !m_later.empty(); }
    Result<Done> runLater();

private:
    enum class Rules { PutRight, LeftAlone };
    Result<ObservedState> close(const Configuration &configuration, const Intent &intent, const KnownSecrets &secrets,
        Insistence insistence, Rules rules);
    void runComfort(const std::vector<Operation> &operations, Kernel &kernel);

    Kernel &m_kernel;
    std::vector<Operation> m_later;
    std::optional<Error> m_missing;
    std::vector<Conflict> m_discomforts;
    RepairLimit m_repairs;
    bool m_changesRules = false; ///< the last plan
    bool m_leavesRules = false; ///< the last plan would have changed rules, but was not to
    MeshWord m_mesh;
    std::vector<Uplink> m_uplinks; ///< of the last time: only their change is acted upon
};

} // namespace sallyport
