// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/snapshot.h"
#include "core/path/path_values.h"

#include <QStringList>

/// Why a host can be reached, or cannot: from facts to plain statements that end in the one thing to change. Pure.
namespace sallyport {

/// Where the kernel would send a packet of ours now.
struct RouteFact {
    enum class Kind { Sent, OwnAddress, Refused };

    Kind kind = Kind::Refused;
    quint32 table = 0;
    QString interface;
    std::optional<IpAddress> gateway;
    quint32 mtu = 0; ///< of the interface
    QString obstacle; ///< why it is refused, in the system's words

    bool operator==(const RouteFact &) const = default;
};

/// What the host itself says.
struct FarSide {
    enum class Kind {
        NotAsked, ///< `how` says why
        Answered,
        Silent,
        Blocked, ///< this machine did not let the question out
    };
    enum class LargePackets { NotAsked, Through, Lost };

    Kind kind = Kind::NotAsked;
    QString how; ///< `ping`, `TCP port 22`
    std::chrono::microseconds took{0};
    LargePackets large = LargePackets::NotAsked;
    quint32 largeSize = 0; ///< bytes

    bool operator==(const FarSide &) const = default;
};

struct WhyFacts {
    QString host; ///< as it was asked for
    bool isName = false; ///< rather than an address
    std::vector<IpAddress> resolved; ///< what the system's resolver says of the name
    std::optional<IpAddress> address; ///< the one that is looked at
    RouteFact route; ///< to it
    FarSide farSide;
    Configuration configuration;
    Snapshot snapshot;
    std::vector<LedgerPeer> ledger; ///< empty: meshd does not run
};

struct Statement {
    enum class Verdict { Good, Bad, NotAsked };

    QString step; ///< name, home, exit, route, device, ways, handshake, size, answer
    Verdict verdict = Verdict::Good;
    QString sentence;
    QString advice; ///< of a bad one: what would change it
    QStringList details;

    bool operator==(const Statement &) const = default;
};

struct WhyAnswer {
    bool works = true;
    std::vector<Statement> statements;
    QString change; ///< the one thing to change; empty: nothing

    bool operator==(const WhyAnswer &) const = default;
};

/// The device of that name, alias or full name (`nas.wgnet`).
const Device *deviceNamed(const Home &home, const QString &host);
/// The device that an address belongs to or is behind; the longest prefix wins, as in WireGuard.
const Device *deviceFor(const Home &home, const IpAddress &address);

WhyAnswer why(const WhyFacts &facts);

} // namespace sallyport
