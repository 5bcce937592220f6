// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"
#include "tests/model/nft_filter.h"

#include <map>

namespace sallyport::model {

/// A link that is not ours, and up.
struct GroundLink {
    QString name;
    bool isPhysical = true;
    std::vector<InterfaceAddress> addresses;
};

/// What the machine stands on.
struct Ground {
    QString label;
    std::vector<GroundLink> links;
    std::vector<Route> routes; ///< of the main table, beside those that come with addresses
};

/// Texts of nftables that were read before: a walk meets few of them, often.
class ReadTables {
public:
    Result<std::shared_ptr<const nft::Table>> read(const QByteArray &text);

private:
    std::map<QByteArray, std::shared_ptr<const nft::Table>> m_known;
};

/// The kernel's objects, as far as they decide where a packet goes. Applying an operation does what the kernel does,
/// also on the side: a link that goes takes its routes along.
class Machine {
public:
    Machine(Ground ground, std::shared_ptr<ReadTables> tables);

    /// An error is a refusal by the kernel or something that the model does not know.
    Result<Done> apply(const Operation &operation);
    /// What the planner may see.
    const ObservedState &observe() const { return m_state; }
    /// As when the program that serves it dies.
    void vanish(const QString &link);
    /// Another network under the same machine.
    void moveTo(const Ground &ground);

    const Ground &ground() const { return m_ground; }
    const nft::Filter &filter() const { return m_filter; }
    const std::shared_ptr<ReadTables> &tables() const { return m_tables; }

private:
    Result<Done> change(const CreateLink &operation);
    Result<Done> change(const DeleteLink &operation);
    Result<Done> change(const SetLinkUp &operation);
    Result<Done> change(const SetLinkMtu &operation);
    Result<Done> change(const ConfigureWireGuard &operation);
    Result<Done> change(const AddAddress &operation);
    Result<Done> change(const DeleteAddress &operation);
    Result<Done> change(const PutRoute &operation);
    Result<Done> change(const DeleteRoute &operation);
    Result<Done> change(const AddRule &operation);
    Result<Done> change(const DeleteRule &operation);
    Result<Done> change(const ReplaceTable &operation);
    Result<Done> change(const DeleteTable &operation);
    Result<Done> change(const ForgetUnresolvedNeighbours &) { return Done{}; } // the model's packets take no time
    Result<Done> change(const WriteSetting &operation);
    Result<Done> change(const RestoreSetting &operation);
    Result<Done> change(const WriteHosts &operation);
    Result<Done> change(const WriteBootGuard &operation);
    Result<Done> change(const WriteDns &operation);
    /// Whatever is new has to be taught here before it may be planned.
    template<class Unknown>
    Result<Done> change(const Unknown &)
    {
        return Error{Errc::Internal, QStringLiteral("the model does not know this operation"), {}};
    }
    ObservedLink *find(const QString &name);

    Ground m_ground;
    ObservedState m_state;
    nft::Filter m_filter;
    std::shared_ptr<ReadTables> m_tables;
};

/// The keys that the model makes of the names of secrets.
PublicKey publicKeyOf(const QString &secret);
SecretDigest digestOf(const QString &secret);

} // namespace sallyport::model
