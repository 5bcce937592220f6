// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/value.h"

namespace sallyport::model {

enum class Protocol : quint8 { Icmp = 1, Tcp = 6, Udp = 17, Icmp6 = 58 };

/// As nftables numbers them.
enum class Flow : quint8 { Established = 2, Related = 4, New = 8 };

struct Packet {
    IpAddress destination;
    IpAddress source; ///< unspecified: the kernel chooses
    Protocol protocol = Protocol::Udp;
    quint16 sourcePort = 40000;
    quint16 destinationPort = 443;
    quint8 icmpType = 0;
    quint8 hopLimit = 64;
    quint32 mark = 0;
    quint32 flowMark = 0; ///< of its connection (ct mark)
    Flow flow = Flow::New;
    bool isReply = false;
    quint32 user = 1000;
    Name input; ///< where it came in; empty: made on this machine
    Name output; ///< before routing: the link that its socket is bound to; in a filter: where it goes out

    Family family() const { return destination.family(); }
};

} // namespace sallyport::model
