// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/kernel.h"

#include <optional>

namespace sallyport {

/// Where a packet would go.
enum class Fate { Refused, Uplink, HomeTunnel, ExitTunnel };

/// A kernel in memory that keeps state and refuses what the real one refuses: adding twice, deleting what is not
/// there, routes into links that do not exist. Knows nothing of plans.
class FakeKernel : public Kernel {
public:
    ObservedState state;
    int executed = 0;
    std::optional<int> refuseAt; ///< the operation with this number (from 0) fails
    std::vector<Operation> log;

    Result<ObservedState> observe() override { return state; }
    Result<Done> execute(const Operation &operation) override;

    /// Walks rules and tables as fib_rules_lookup does, for one payload or (mark != 0) underlay packet.
    Fate route(const IpAddress &destination, quint32 mark = 0) const;
    ObservedLink *link(const QString &name);

private:
    Result<Done> apply(const Operation &operation);
    Result<Done> configure(const ConfigureWireGuard &op);
    std::optional<Fate> lookup(quint32 table, const IpAddress &destination) const;
};

} // namespace sallyport
