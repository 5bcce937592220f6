// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/prefix.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Prefix literal(Family family, std::array<quint8, 16> bytes, quint8 length)
{
    return Prefix::of(IpAddress::fromBytes(family, bytes), length);
}

} // namespace

Result<InterfaceAddress> InterfaceAddress::parse(QStringView text)
{
    const qsizetype slash = text.indexOf(u'/');
    auto address = IpAddress::parse(slash < 0 ? text : text.left(slash));
    if (!address)
        return address.error();
    if (slash < 0)
        return InterfaceAddress{*address, address->bitLength()};
    const QStringView digits = text.mid(slash + 1);
    bool ok = std::ranges::all_of(digits, [](QChar c) { return c >= u'0' && c <= u'9'; });
    const uint length = ok && digits.size() <= 3 ? digits.toUInt(&ok) : 999;
    if (!ok || length > address->bitLength())
        return Error{Errc::InvalidArgument,
            u"'%1' has no valid prefix length (0 to %2)."_s.arg(text.left(64)).arg(address->bitLength()), {}};
    return InterfaceAddress{*address, static_cast<quint8>(length)};
}

QString InterfaceAddress::toString() const
{
    return address.toString() + u'/' + QString::number(length);
}

Result<Prefix> Prefix::parse(QStringView text)
{
    const auto parsed = InterfaceAddress::parse(text);
    if (!parsed)
        return parsed.error();
    return parsed->network();
}

Prefix Prefix::of(const IpAddress &address, quint8 length)
{
    Prefix prefix;
    prefix.m_length = std::min(length, address.bitLength());
    std::array<quint8, 16> bytes{};
    for (std::size_t i = 0; i < address.size(); ++i) {
        const int bits = std::clamp(prefix.m_length - static_cast<int>(i) * 8, 0, 8);
        bytes[i] = address.bytes()[i] & static_cast<quint8>(0xff00 >> bits);
    }
    prefix.m_address = IpAddress::fromBytes(address.family(), bytes);
    return prefix;
}

Prefix Prefix::host(const IpAddress &address)
{
    return of(address, address.bitLength());
}

Prefix Prefix::everything(Family family)
{
    return of(IpAddress::any(family), 0);
}

bool Prefix::contains(const IpAddress &address) const
{
    return address.family() == family() && of(address, m_length) == *this;
}

bool Prefix::contains(const Prefix &other) const
{
    return other.m_length >= m_length && contains(other.m_address);
}

QString Prefix::toCidr() const
{
    return m_address.toString() + u'/' + QString::number(m_length);
}

QString Prefix::toString() const
{
    return m_length == m_address.bitLength() ? m_address.toString() : toCidr();
}

bool isPrivate(const Prefix &prefix)
{
    static const std::array spaces = {
        literal(Family::IPv4, {10}, 8),
        literal(Family::IPv4, {172, 16}, 12),
        literal(Family::IPv4, {192, 168}, 16),
        literal(Family::IPv4, {169, 254}, 16),
        literal(Family::IPv6, {0xfc}, 7),
        literal(Family::IPv6, {0xfe, 0x80}, 10),
    };
    return std::ranges::any_of(spaces, [&](const Prefix &space) { return space.contains(prefix); });
}

} // namespace sallyport
