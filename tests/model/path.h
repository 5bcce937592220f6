// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/routing.h"

namespace sallyport::model {

/// Where a packet ended.
struct Fate {
    enum class End : quint8 {
        Left, ///< on `link`, inside of `tunnels`
        Here, ///< a socket of this machine has it
        NoRoute,
        Rejected, ///< the sender was told
        Dropped, ///< it was not
        NoPeer, ///< the tunnel has nobody for it
        Loop, ///< a tunnel inside of itself
        Absent, ///< there is no such packet: the link by which it would come in is not there
    };
    End end = End::NoRoute;
    std::array<Name, 2> tunnels; ///< the outer one last
    Name link;
    std::optional<IpAddress> server; ///< to which the outermost packet goes

    bool isRefused() const { return end != End::Left && end != End::Here; }
    bool isEncrypted() const { return !tunnels[0].isEmpty(); }
    QString toString() const;
    bool operator==(const Fate &) const = default;
};

/// What happens to a packet on a machine in one moment: hooks, rules, tunnels, and hooks and rules again for what the
/// tunnel sends.
class Path {
public:
    explicit Path(const Machine &machine) : m_machine(machine), m_routing(machine) {}

    /// Made on this machine if `input` is empty, else received there.
    Fate fateOf(const Packet &packet) const;
    const Routing &routing() const { return m_routing; }

private:
    Fate send(Packet packet, Fate fate) const;
    Fate receive(Packet packet) const;
    Fate leave(const Packet &packet, const Name &link, Fate fate) const;
    Fate enterTunnel(const ObservedLink &tunnel, const Packet &packet, Fate fate) const;
    nft::Filtered filtered(nft::Hook hook, const Packet &packet) const;

    const Machine &m_machine;
    Routing m_routing;
};

} // namespace sallyport::model
