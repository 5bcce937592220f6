// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/random_paths.h"

#include <algorithm>

namespace sallyport::test {

using namespace Qt::StringLiterals;
using namespace meshlink;

void RandomPaths::fill(std::span<quint8> bytes)
{
    std::ranges::generate(bytes, [&] { return any<quint8>(); });
}

PublicKey RandomPaths::key()
{
    PublicKey key;
    fill(key.bytes);
    return key;
}

quint32 RandomPaths::index()
{
    return static_cast<quint32>(from(1, 0x7fffffff));
}

quint16 RandomPaths::port()
{
    return static_cast<quint16>(from(1, 65535));
}

/// Of a device: private, public or link-local.
IpAddress RandomPaths::address()
{
    std::array<quint8, 16> bytes{};
    fill(bytes);
    if (coin()) {
        bytes[0] = static_cast<quint8>(from(1, 126));
        return IpAddress::fromBytes(Family::IPv4, bytes);
    }
    bytes[0] = coin() ? 0x20 : 0xfe;
    bytes[1] = 0x80;
    return IpAddress::fromBytes(Family::IPv6, bytes);
}

Endpoint RandomPaths::endpoint()
{
    const IpAddress where = address();
    const bool isLinkLocal = where.family() == Family::IPv6 && where.isLinkLocal();
    return {where, port(), isLinkLocal ? index() : 0};
}

InterfaceAddress RandomPaths::interfaceAddress()
{
    const IpAddress own = address();
    return {own, static_cast<quint8>(from(0, own.bitLength()))};
}

Prefix RandomPaths::prefix()
{
    return interfaceAddress().network();
}

HostEndpoint RandomPaths::hostEndpoint()
{
    if (coin())
        return {address().toString(), port()};
    return {u"host-%1.example"_s.arg(from(0, 999999)), port()};
}

ConfiguredPlace RandomPaths::place()
{
    return {hostEndpoint(), static_cast<EndpointScope>(from(0, 2)), some(4, [&] { return address(); })};
}

PeerStats RandomPaths::peerStats()
{
    const auto age = [&] { return std::chrono::seconds(any<quint32>()); };
    return {key(), maybe([&] { return endpoint(); }), any<quint64>(), any<quint64>(), maybe(age)};
}

QByteArray RandomPaths::payload()
{
    QByteArray bytes(static_cast<qsizetype>(from(128, kLargestProbe)), Qt::Uninitialized);
    std::ranges::generate(bytes, [&] { return any<char>(); });
    return bytes;
}

Probe RandomPaths::ping()
{
    Ping ping{any<quint64>(), coin(), coin(), {}};
    fill(ping.network);
    return ping;
}

Probe RandomPaths::pong()
{
    Pong pong{any<quint64>(), {address(), port()}, address(), std::chrono::microseconds(any<quint32>()), {}};
    fill(pong.network);
    return pong;
}

HomeSetup RandomPaths::homeSetup()
{
    return {any<quint64>(), key(), port(), index(), static_cast<quint32>(from(0, kMostPeers)),
        some(6, [&] { return interfaceAddress(); })};
}

PeerSetup RandomPaths::peerSetup()
{
    PeerSetup setup{any<quint64>(), {key(), {}, {}, {}, {}}, {}};
    setup.peer.allowedIps = some(6, [&] { return prefix(); });
    setup.peer.routes = some(6, [&] { return prefix(); });
    setup.peer.places = some(4, [&] { return place(); });
    setup.peer.preferences = some(4, [&] { return std::pair(hostEndpoint(), static_cast<Preference>(from(0, 3))); });
    fill(setup.pairKey);
    return setup;
}

ProbeArrived RandomPaths::probeArrived()
{
    return {endpoint(), address(), index(), payload()};
}

Stats RandomPaths::stats()
{
    return {any<quint32>(), coin(), some(6, [&] { return peerStats(); })};
}

Moved RandomPaths::moved()
{
    return {any<quint32>(), static_cast<MoveOutcome>(from(0, 2)), maybe([&] { return endpoint(); })};
}

Tried RandomPaths::tried()
{
    return {any<quint32>(), coin(), maybe([&] { return endpoint(); })};
}

SendProbe RandomPaths::sendProbe()
{
    return {endpoint(), coin() ? 0 : index(), payload()};
}

ReadStats RandomPaths::readStats()
{
    return {any<quint32>()};
}

MoveEndpoint RandomPaths::moveEndpoint()
{
    return {any<quint32>(), key(), endpoint(), std::chrono::microseconds(from(0, 10'000'000))};
}

TryEndpoint RandomPaths::tryEndpoint()
{
    return {any<quint32>(), key(), endpoint(), std::chrono::milliseconds(from(1, 250))};
}

OnLink RandomPaths::onLink()
{
    return {some(6, [&] { return std::pair(key(), index()); })};
}

std::vector<ToMesh> RandomPaths::toMesh()
{
    return {homeSetup(), peerSetup(), HomeGone{}, probeArrived(), stats(), moved(), tried(), ActivitySeen{}};
}

std::vector<ToHelper> RandomPaths::toHelper()
{
    return {sendProbe(), readStats(), moveEndpoint(), tryEndpoint(), onLink(), WatchActivity{}};
}

quint64 seedOfThisRun()
{
    const bool isGiven = qEnvironmentVariableIsSet("SALLYPORT_SEED");
    const quint64 seed = isGiven ? qEnvironmentVariable("SALLYPORT_SEED").toULongLong() : std::random_device()();
    qInfo("SALLYPORT_SEED=%llu", seed);
    return seed;
}

} // namespace sallyport::test
