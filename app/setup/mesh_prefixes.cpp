// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/mesh_prefixes.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTries = 4096; ///< after that everything is taken, or the dice are loaded: go through in order

bool isFree(const Prefix &prefix, const std::vector<SeenNetwork> &seen)
{
    return std::ranges::none_of(seen, [&](const SeenNetwork &each) { return each.prefix.overlaps(prefix); });
}

Prefix ipv4Number(quint32 number)
{
    const std::array<quint8, 4> bytes{10, quint8(number >> 8), quint8(number), 0};
    return Prefix::of(IpAddress::fromBytes(Family::IPv4, bytes), 24);
}

Prefix proposeIpv4(const std::vector<SeenNetwork> &seen, const Dice &dice)
{
    for (int i = 0; i < kTries; ++i) {
        const Prefix prefix = ipv4Number(dice(0x10000));
        if (isFree(prefix, seen))
            return prefix;
    }
    for (quint32 number = 0; number < 0x10000; ++number) {
        if (isFree(ipv4Number(number), seen))
            return ipv4Number(number);
    }
    return ipv4Number(dice(0x10000)); // the person is told whose it is
}

Prefix proposeIpv6(const std::vector<SeenNetwork> &seen, const Dice &dice)
{
    for (;;) {
        std::array<quint8, 16> bytes{0xfd};
        for (std::size_t i = 1; i < 6; ++i)
            bytes[i] = quint8(dice(256));
        const Prefix prefix = Prefix::of(IpAddress::fromBytes(Family::IPv6, bytes), 64);
        if (isFree(prefix, seen))
            return prefix;
        if (bytes[1] == 0 && bytes[2] == 0) // dice that only know zero
            return prefix;
    }
}

} // namespace

MeshPrefixes proposePrefixes(const std::vector<SeenNetwork> &seen, const Dice &dice)
{
    return {proposeIpv4(seen, dice), proposeIpv6(seen, dice)};
}

Result<Prefix> parseMeshPrefix(const QString &text, Family family)
{
    const auto failed = [](const char *why) {
        return Error{Errc::InvalidArgument, QCoreApplication::translate("MeshPrefixes", why), {}};
    };
    const auto prefix = Prefix::parse(text.trimmed());
    if (!prefix || prefix->family() != family)
        return family == Family::IPv4 ? failed(QT_TRANSLATE_NOOP("MeshPrefixes", "Write it like 10.200.7.0/24."))
                                      : failed(QT_TRANSLATE_NOOP("MeshPrefixes", "Write it like fd12:3456:789a::/64."));
    if (!isPrivate(*prefix) || prefix->address().isLinkLocal())
        return failed(QT_TRANSLATE_NOOP(
            "MeshPrefixes", "Others use these addresses. Take a private network, inside 10.0.0.0/8 or fd00::/8."));
    if (prefix->length() + 2 > prefix->address().bitLength())
        return failed(QT_TRANSLATE_NOOP("MeshPrefixes", "This network has no room for two devices."));
    return *prefix;
}

std::vector<SeenNetwork> clashesOf(const Prefix &prefix, const std::vector<SeenNetwork> &seen)
{
    std::vector<SeenNetwork> clashes;
    for (const SeenNetwork &each : seen) {
        if (each.prefix.overlaps(prefix) && std::ranges::find(clashes, each) == clashes.end())
            clashes.push_back(each);
    }
    return clashes;
}

} // namespace sallyport
