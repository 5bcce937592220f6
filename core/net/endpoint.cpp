// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/endpoint.h"

#include <QList>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error notAnEndpoint(QStringView text)
{
    return {Errc::InvalidArgument,
        u"'%1' is not an endpoint; write address:port, [IPv6 address]:port or name:port."_s.arg(text.left(80)), {}};
}

Result<quint16> parsePort(QStringView text)
{
    bool ok = !text.isEmpty() && text.size() <= 5 && text.front() != u'+' && text.front() != u'-';
    const uint port = ok ? text.toUInt(&ok) : 0;
    if (!ok || port == 0 || port > 65535)
        return Error{Errc::InvalidArgument, u"'%1' is not a port from 1 to 65535."_s.arg(text.left(16)), {}};
    return static_cast<quint16>(port);
}

bool isLabel(QStringView label)
{
    constexpr auto allowed
        = [](QChar c) { return c.unicode() < 128 && (c.isLetterOrNumber() || c == u'-' || c == u'_'); };
    return !label.isEmpty() && label.size() <= 63 && std::ranges::all_of(label, allowed) && label.front() != u'-'
        && label.back() != u'-';
}

bool isHostName(QStringView name)
{
    const QStringView bare = name.endsWith(u'.') ? name.chopped(1) : name;
    const auto labels = bare.split(u'.');
    // An all-numeric last label is a mistyped address, never a name (RFC 1123 section 2.1).
    return bare.size() <= 253 && std::ranges::all_of(labels, isLabel)
        && !std::ranges::all_of(labels.back(), [](QChar c) { return c.isDigit(); });
}

} // namespace

Result<HostEndpoint> HostEndpoint::parse(QStringView text)
{
    const bool bracketed = text.startsWith(u'[');
    const qsizetype end = bracketed ? text.indexOf(u"]:") : text.lastIndexOf(u':');
    if (end < 1)
        return notAnEndpoint(text);
    const QStringView host = bracketed ? text.mid(1, end - 1) : text.left(end);
    const auto port = parsePort(text.mid(end + (bracketed ? 2 : 1)));
    if (!port)
        return port.error();
    const auto address = IpAddress::parse(host);
    const bool valid = bracketed ? address && address->family() == Family::IPv6
                                 : (address ? address->family() == Family::IPv4 : isHostName(host));
    if (!valid)
        return notAnEndpoint(text);
    return HostEndpoint{address ? address->toString() : host.toString(), *port};
}

Result<Endpoint> HostEndpoint::numeric() const
{
    const auto address = IpAddress::parse(host);
    if (!address)
        return address.error();
    return Endpoint{*address, port};
}

QString HostEndpoint::toString() const
{
    return (host.contains(u':') ? u'[' + host + u']' : host) + u':' + QString::number(port);
}

Result<Endpoint> Endpoint::parse(QStringView text)
{
    const auto parsed = HostEndpoint::parse(text);
    if (!parsed)
        return parsed.error();
    if (parsed->isName())
        return notAnEndpoint(text);
    return parsed->numeric();
}

QString Endpoint::toString() const
{
    return HostEndpoint{address.toString(), port}.toString();
}

} // namespace sallyport
