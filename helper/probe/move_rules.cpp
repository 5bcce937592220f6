// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/move_rules.h"

#include <algorithm>

namespace sallyport::probe {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

constexpr microseconds kLongestRoundTrip = 1300ms; ///< with 2 s, the longest window
constexpr milliseconds kShortestReadings = 30ms;
constexpr milliseconds kLongestAssert = 3s;
constexpr int kAssertRoundTrips = 10;

milliseconds roundedUp(microseconds time)
{
    return std::chrono::ceil<milliseconds>(time);
}

} // namespace

MoveWay wayBetween(const PeerPath &from, const PeerPath &to)
{
    if (from.endpoint.address.family() != to.endpoint.address.family())
        return MoveWay::Carry;
    // WireGuard takes the scope of a link-local source from the interface that the packet came in by.
    const bool needsScope = to.endpoint.scopeId != 0;
    const bool hasScope = from.endpoint.scopeId == to.endpoint.scopeId
        || (from.local && from.local->interfaceIndex == to.endpoint.scopeId);
    return !needsScope || hasScope ? MoveWay::Pin : MoveWay::Carry;
}

MoveTimes timesOf(MoveWay way, microseconds roundTrip, int attempt)
{
    const microseconds known = std::clamp(roundTrip, microseconds(0), kLongestRoundTrip);
    MoveTimes times;
    times.window = std::max<milliseconds>(100ms, roundedUp(known * 3 / 2 + 50ms)) * attempt;
    times.reading = roundedUp(std::max<microseconds>(known * 13 / 10, kShortestReadings) / kReadings);
    if (way == MoveWay::Assert) {
        times.window = std::clamp<milliseconds>(roundedUp(known * kAssertRoundTrips), 100ms, kLongestAssert);
        times.repeat = 1ms;
    }
    return times;
}

std::vector<Pin> pinsFor(const std::vector<LeftPath> &left, const PeerPath &to, quint16 listenPort)
{
    std::vector<Pin> pins;
    for (const LeftPath &each : left) {
        Pin &pin = pins.emplace_back();
        pin.listenPort = listenPort;
        pin.from = each.path.endpoint;
        if (each.way == MoveWay::Carry)
            pin.carrier = each.carrier;
        if (each.way != MoveWay::Pin)
            continue;
        pin.to = to.endpoint;
        if (to.local)
            pin.local = to.local->source;
    }
    return pins;
}

bool isSendable(const Endpoint &endpoint)
{
    const IpAddress &address = endpoint.address;
    const bool isReserved = address.family() == Family::IPv4 && address.bytes().front() >= 240; // broadcast, too
    const bool isOneHost = !address.isUnspecified() && !address.isLoopback() && !address.isMulticast() && !isReserved;
    const bool needsScope = address.family() == Family::IPv6 && address.isLinkLocal();
    return endpoint.port != 0 && isOneHost && needsScope == (endpoint.scopeId != 0);
}

} // namespace sallyport::probe
