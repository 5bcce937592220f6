// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/ip_address.h"

#include <QByteArray>

#include <algorithm>
#include <arpa/inet.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

int nativeFamily(Family family)
{
    return family == Family::IPv4 ? AF_INET : AF_INET6;
}

} // namespace

Result<IpAddress> IpAddress::parse(QStringView text)
{
    const QByteArray latin = text.toLatin1();
    const Family family = latin.contains(':') ? Family::IPv6 : Family::IPv4;
    std::array<quint8, 16> bytes{};
    // A character outside Latin-1 becomes '?', which inet_pton refuses.
    if (latin.size() > INET6_ADDRSTRLEN || latin.contains('\0')
        || inet_pton(nativeFamily(family), latin.constData(), bytes.data()) != 1)
        return Error{Errc::InvalidArgument, u"'%1' is not an IP address."_s.arg(text.left(64)), {}};
    return fromBytes(family, bytes);
}

IpAddress IpAddress::fromBytes(Family family, std::span<const quint8> bytes)
{
    IpAddress address = any(family);
    std::copy_n(bytes.begin(), std::min(bytes.size(), address.size()), address.m_bytes.begin());
    return address;
}

IpAddress IpAddress::any(Family family)
{
    IpAddress address;
    address.m_family = family;
    return address;
}

bool IpAddress::isUnspecified() const noexcept
{
    return std::ranges::all_of(bytes(), [](quint8 byte) { return byte == 0; });
}

bool IpAddress::isLoopback() const noexcept
{
    if (m_family == Family::IPv4)
        return m_bytes[0] == 127;
    return m_bytes[15] == 1 && std::ranges::all_of(bytes().first(15), [](quint8 byte) { return byte == 0; });
}

bool IpAddress::isMulticast() const noexcept
{
    return m_family == Family::IPv4 ? (m_bytes[0] & 0xf0) == 0xe0 : m_bytes[0] == 0xff;
}

bool IpAddress::isLinkLocal() const noexcept
{
    if (m_family == Family::IPv4)
        return m_bytes[0] == 169 && m_bytes[1] == 254;
    return m_bytes[0] == 0xfe && (m_bytes[1] & 0xc0) == 0x80;
}

QString IpAddress::toString() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(nativeFamily(m_family), m_bytes.data(), text.data(), text.size());
    return QString::fromLatin1(text.data());
}

} // namespace sallyport
