// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/probe_filter.h"

#include "core/meshlink/messages.h"

#include <netinet/in.h>

namespace sallyport::probe {

namespace {

constexpr quint32 kEverything = 0xffffffff;
constexpr quint32 kProtocolOffset = 9;
constexpr quint32 kFragmentOffset = 6;
constexpr quint32 kFragmentBits = 0x3fff; ///< more fragments, or not the first
constexpr quint32 kPortOffset = 2; ///< in the UDP header
constexpr quint32 kReserved = 0x00ffffff; ///< bytes 1 to 3 of the payload, in its first word

sock_filter statement(int code, quint32 operand)
{
    return {static_cast<quint16>(code), 0, 0, operand};
}

/// Jumps count instructions from the next one.
sock_filter branch(int code, quint32 operand, quint8 ifTrue, quint8 ifFalse)
{
    return {static_cast<quint16>(code), ifTrue, ifFalse, operand};
}

/// Leaves the length of the IP header in X. Jumps to the last instruction of the program, which is `left` after these.
std::vector<sock_filter> ipv4Header(quint8 left)
{
    return {
        statement(BPF_LD | BPF_B | BPF_ABS, kProtocolOffset),
        branch(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, static_cast<quint8>(left + 2)),
        statement(BPF_LD | BPF_H | BPF_ABS, kFragmentOffset),
        branch(BPF_JMP | BPF_JSET | BPF_K, kFragmentBits, left, 0),
        statement(BPF_LDX | BPF_B | BPF_MSH, 0),
    };
}

} // namespace

std::vector<sock_filter> probeFilter(Family family, quint16 port)
{
    constexpr quint8 kUdpPart = 10;
    std::vector<sock_filter> program;
    if (family == Family::IPv4)
        program = ipv4Header(kUdpPart);
    else
        program = {statement(BPF_LDX | BPF_W | BPF_IMM, 0)};
    const std::vector<sock_filter> udp = {
        statement(BPF_LD | BPF_H | BPF_IND, kPortOffset),
        branch(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 7),
        statement(BPF_LD | BPF_W | BPF_LEN, 0),
        statement(BPF_ALU | BPF_SUB | BPF_X, 0),
        branch(BPF_JMP | BPF_JGE | BPF_K, kUdpHeader + kSmallestProbe, 0, 4),
        branch(BPF_JMP | BPF_JGT | BPF_K, kUdpHeader + meshlink::kLargestProbe, 3, 0),
        statement(BPF_LD | BPF_W | BPF_IND, kUdpHeader),
        branch(BPF_JMP | BPF_JSET | BPF_K, kReserved, 0, 1),
        statement(BPF_RET | BPF_K, kEverything),
        statement(BPF_RET | BPF_K, 0),
    };
    program.insert(program.end(), udp.begin(), udp.end());
    return program;
}

} // namespace sallyport::probe
