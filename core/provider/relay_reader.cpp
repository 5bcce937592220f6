// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/relay_reader.h"

#include <QSet>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaximumRanges = 1000;

bool isHostnameCharacter(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= u'a' && code <= u'z') || (code >= u'A' && code <= u'Z') || (code >= u'0' && code <= u'9')
        || code == u'-' || code == u'.';
}

bool isReachable(const IpAddress &address)
{
    return !address.isUnspecified() && !address.isLoopback() && !address.isMulticast() && !address.isLinkLocal();
}

quint16 portFrom(const QVariant &value)
{
    const double number = value.toDouble();
    return number >= 1 && number <= 65535 ? static_cast<quint16>(number) : quint16(0);
}

} // namespace

QString hostnameFrom(const MapReader &reader, const char *key)
{
    QString name = reader.requiredText(key);
    const bool isGood = name.size() <= 63 && std::ranges::all_of(name, isHostnameCharacter);
    if (!name.isEmpty() && (!isGood || !name.front().isLetterOrNumber() || name.endsWith(u'.')))
        reader.refuse(key, u"is not a host name."_s);
    return name;
}

IpAddress addressFrom(const MapReader &reader, const char *key, Family family)
{
    const auto address = reader.parsedText<IpAddress>(key, &IpAddress::parse);
    if (!reader.findings().refusal && (address.family() != family || !isReachable(address)))
        reader.refuse(key, u"is no address that could be reached."_s);
    return address;
}

std::optional<IpAddress> optionalAddress6(const MapReader &reader, const char *key)
{
    if (reader.text(key).isEmpty())
        return std::nullopt;
    return addressFrom(reader, key, Family::IPv6);
}

std::vector<PortRange> portRangesFrom(const MapReader &reader, const char *key)
{
    std::vector<PortRange> ranges;
    for (const QVariant &each : reader.list(key, kMaximumRanges)) {
        const QVariantList pair = each.toList();
        const quint16 first = pair.size() == 2 ? portFrom(pair[0]) : quint16(0);
        const quint16 last = pair.size() == 2 ? portFrom(pair[1]) : quint16(0);
        if (first == 0 || last < first) {
            reader.refuse(key, u"must be pairs of ports from 1 to 65535, the lower one first."_s);
            return {};
        }
        ranges.push_back({first, last});
    }
    return ranges;
}

void checkRelays(const RelayList &list, Findings &findings)
{
    QSet<QString> names;
    for (const Relay &relay : list.relays) {
        if (names.contains(relay.hostname))
            findings.refuse(Errc::InvalidArgument, relay.hostname, u"This server is there twice."_s);
        names.insert(relay.hostname);
    }
    if (list.relays.empty())
        findings.refuse(Errc::InvalidArgument, {}, u"The list has no WireGuard server in it."_s);
}

} // namespace sallyport
