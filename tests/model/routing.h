// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/machine.h"
#include "tests/model/packet.h"

namespace sallyport::model {

/// Where rules and tables send a packet.
struct Way {
    enum class Kind { Refused, Here, Out };

    Kind kind = Kind::Refused;
    Name link; ///< only Out
};

/// The rules and tables of one moment, as the kernel searches them.
class Routing {
public:
    explicit Routing(const Machine &machine);

    Way wayOf(const Packet &packet) const;
    /// rtm_type of the address: 1 unicast, 2 local, 3 broadcast, 5 multicast.
    quint8 kindOf(const IpAddress &address) const;
    bool isUp(const Name &link) const;
    /// The address from which a packet without one is sent through the link.
    IpAddress sourceFor(const Name &link, const IpAddress &destination) const;

private:
    enum class Kind : quint8 { Unicast, Throw, Unreachable, Local, Broadcast };
    struct Entry {
        Value first;
        Value last;
        quint8 length = 0;
        quint32 metric = 0;
        Kind kind = Kind::Unicast;
        Name link;
    };
    struct Table {
        quint32 number = 0;
        Family family = Family::IPv4;
        std::vector<Entry> entries;
    };
    struct Address {
        Name link;
        InterfaceAddress own;
    };
    void addLink(const QString &name, const std::vector<InterfaceAddress> &addresses, bool routes = true);
    void addDown(const ObservedLink &link);
    void add(const Route &route);
    void add(quint32 table, const Prefix &destination, quint32 metric, Kind kind, const Name &link);
    const Entry *find(quint32 table, const IpAddress &destination) const;

    std::vector<Table> m_tables;
    std::vector<Rule> m_rules;
    std::vector<Address> m_addresses;
    std::vector<Name> m_links; ///< those that are up
};

} // namespace sallyport::model
