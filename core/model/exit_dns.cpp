// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/exit_dns.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostServers = 8;

Result<ExitDns> parseServers(QStringView text)
{
    static const QRegularExpression separators(u"[,\\s]+"_s);
    ExitDns value{ExitDns::From::Servers, {}};
    for (const QString &word : text.toString().split(separators, Qt::SkipEmptyParts)) {
        const auto server = DnsServer::parse(word);
        if (!server)
            return server.error();
        if (std::ranges::find(value.servers, *server) == value.servers.end())
            value.servers.push_back(*server);
    }
    if (value.servers.empty() || value.servers.size() > kMostServers)
        return Error{Errc::InvalidArgument, u"Between 1 and %1 DNS servers are needed."_s.arg(kMostServers), {}};
    const auto withTls = std::ranges::count_if(value.servers, [](const auto &each) { return !each.tlsName.isEmpty(); });
    if (withTls != 0 && static_cast<std::size_t>(withTls) != value.servers.size())
        return Error{Errc::InvalidArgument, u"Either all DNS servers are asked with TLS, or none."_s, {}};
    return value;
}

} // namespace

Result<ExitDns> ExitDns::parse(QStringView text)
{
    if (text == u"provider")
        return ExitDns{From::Provider, {}};
    if (text == u"home")
        return ExitDns{From::Home, {}};
    if (text == u"network")
        return ExitDns{From::Network, {}};
    const bool isWord = !text.isEmpty() && std::ranges::all_of(text, [](QChar c) { return c.isLetter(); });
    if (isWord)
        return Error{Errc::InvalidArgument,
            u"'%1' is none of provider, home, network or the addresses of DNS servers."_s.arg(text.left(80)), {}};
    return parseServers(text);
}

} // namespace sallyport
