// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/nft_syntax.h"
#include "tests/model/packet.h"

#include <functional>
#include <memory>

namespace sallyport::model::nft {

/// What the kernel's routing says of an address: rtm_type of linux/rtnetlink.h (1 unicast, 2 local, 3 broadcast, 5
/// multicast).
using KindOf = std::function<quint8(const IpAddress &)>;

enum class Outcome { Accepted, Dropped, Rejected };

struct Filtered {
    Outcome outcome = Outcome::Accepted;
    Packet packet; ///< with the marks that it has now
};

/// The tables in force, with the chains of each hook in the order in which the kernel asks them.
class Filter {
public:
    void put(std::shared_ptr<const Table> table);
    void remove(const QByteArray &table);

    /// Runs the chains of one hook. Output chains of `type route` run in the same order; that the caller has to route
    /// again is told by a changed mark.
    Filtered run(Hook hook, Packet packet, const KindOf &kindOf) const;

private:
    struct Place {
        const Table *table = nullptr;
        const Chain *chain = nullptr;
    };
    void sort();

    std::vector<std::shared_ptr<const Table>> m_tables; ///< in the order of their names
    std::array<std::vector<Place>, 5> m_hooks;
};

} // namespace sallyport::model::nft
