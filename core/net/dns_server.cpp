// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/net/dns_server.h"

#include "core/net/endpoint.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error notAServer(QStringView text)
{
    return {Errc::InvalidArgument,
        u"'%1' is not a DNS server; use an address such as 9.9.9.9, or tls://NAME@ADDRESS."_s.arg(text.left(80)), {}};
}

bool isHostName(const QString &name)
{
    const auto probe = HostEndpoint::parse(QString(name + u":1"_s));
    return probe && probe->isName();
}

} // namespace

Result<DnsServer> DnsServer::parse(QStringView text)
{
    constexpr QStringView kTls = u"tls://";
    const bool hasScheme = text.startsWith(kTls);
    const QStringView rest = hasScheme ? text.mid(kTls.size()) : text;
    const qsizetype mark = rest.indexOf(hasScheme ? u'@' : u'#');
    if (hasScheme && mark < 0)
        return notAServer(text);
    const QStringView host = mark < 0 ? rest : hasScheme ? rest.mid(mark + 1) : rest.left(mark);
    const QString name = (mark < 0 ? QStringView() : hasScheme ? rest.left(mark) : rest.mid(mark + 1)).toString();
    const auto address = IpAddress::parse(host);
    if (!address || (mark >= 0 && !isHostName(name)))
        return notAServer(text);
    if (address->isUnspecified() || address->isMulticast() || address->isLinkLocal())
        return Error{Errc::InvalidArgument, u"No DNS server can be reached at %1."_s.arg(address->toString()), {}};
    if (address->isLoopback())
        return Error{Errc::InvalidArgument,
            u"%1 is this machine itself; to keep the resolver that runs on it, use \"network\"."_s.arg(
                address->toString()),
            {}};
    return DnsServer{*address, name.toLower()};
}

QString DnsServer::toString() const
{
    return tlsName.isEmpty() ? address.toString() : QString(address.toString() + u'#' + tlsName);
}

} // namespace sallyport
