// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/kernel.h"
#include "core/ports/secrets.h"

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
    bool refuseAlways = false;
    bool hostsAreReadOnly = false;
    bool resolverRefuses = false;
    int looks = 0;
    std::vector<Operation> log;
    const Secrets *secrets = nullptr; ///< none: a secret is as good as its name

    Result<ObservedState> observe() override
    {
        ++looks;
        return state;
    }
    Result<Done> execute(const Operation &operation) override;

    /// Walks rules and tables as fib_rules_lookup does, for one payload or (mark != 0) underlay packet.
    Fate route(const IpAddress &destination, quint32 mark = 0) const;
    ObservedLink *link(const QString &name);

private:
    Result<Done> apply(const CreateLink &op);
    Result<Done> apply(const DeleteLink &op);
    Result<Done> apply(const SetLinkUp &op);
    Result<Done> apply(const SetLinkMtu &op);
    Result<Done> apply(const ConfigureWireGuard &op);
    Result<Done> apply(const AddAddress &op);
    Result<Done> apply(const DeleteAddress &op);
    Result<Done> apply(const PutRoute &op);
    Result<Done> apply(const DeleteRoute &op);
    Result<Done> apply(const AddRule &op);
    Result<Done> apply(const DeleteRule &op);
    Result<Done> apply(const ReplaceTable &op);
    Result<Done> apply(const DeleteTable &op);
    Result<Done> apply(const ForgetUnresolvedNeighbours &) { return Done{}; }
    Result<Done> apply(const WriteSetting &op);
    Result<Done> apply(const RestoreSetting &op);
    Result<Done> apply(const WriteHosts &op);
    Result<Done> apply(const WriteDns &op);
    Result<Done> apply(const WriteBootGuard &op);
    template<class Work>
    Result<Done> withLink(const QString &name, Work work);
    void change(ObservedLink &link, const PeerChange &change) const;
    PublicKey keyOf(const QString &name) const;
    SecretDigest digestOf(const QString &name) const;
    std::optional<Fate> lookup(quint32 table, const IpAddress &destination) const;
};

} // namespace sallyport
