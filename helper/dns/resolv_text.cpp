// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolv_text.h"

#include <QByteArrayList>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

constexpr char kLinkLine[] = "# sallyport link ";

/// The words of each line, without comments and empty lines.
std::vector<QByteArrayList> statementsIn(const QByteArray &content)
{
    std::vector<QByteArrayList> statements;
    for (const QByteArray &line : content.split('\n')) {
        const QByteArray plain = line.simplified();
        if (!plain.isEmpty() && plain.front() != '#' && plain.front() != ';')
            statements.push_back(plain.split(' '));
    }
    return statements;
}

} // namespace

QByteArray header()
{
    return "# Written by Sallyport while Exit is on. What was here before comes back when Exit goes off.\n";
}

bool isOurs(const QByteArray &content)
{
    return content.startsWith(header());
}

QByteArray textFor(const LinkDns &dns)
{
    QByteArray text = header() + kLinkLine + dns.link.toLatin1() + '\n';
    for (const DnsServer &server : dns.servers)
        text += "nameserver " + server.address.toString().toLatin1() + '\n';
    if (!dns.searchDomains.isEmpty())
        text += "search " + dns.searchDomains.join(u' ').toLatin1() + '\n';
    return text;
}

std::optional<LinkDns> readBack(const QByteArray &content)
{
    if (!isOurs(content))
        return std::nullopt;
    LinkDns dns;
    for (const QByteArray &line : content.split('\n')) {
        if (line.startsWith(kLinkLine))
            dns.link = QString::fromLatin1(line.mid(qsizetype(sizeof kLinkLine) - 1));
    }
    for (const IpAddress &address : nameserversIn(content))
        dns.servers.push_back({address, {}});
    dns.searchDomains = searchDomainsIn(content);
    // Whoever added a line made it another file.
    dns.routingDomains = textFor(dns) == content ? QStringList(u"."_s) : QStringList();
    return dns;
}

std::vector<IpAddress> nameserversIn(const QByteArray &content)
{
    std::vector<IpAddress> servers;
    for (const QByteArrayList &words : statementsIn(content)) {
        const auto address = words.size() > 1 && words[0] == "nameserver"
            ? IpAddress::parse(QString::fromLatin1(words[1]))
            : Result<IpAddress>(Error());
        if (address)
            servers.push_back(*address);
    }
    return servers;
}

QStringList searchDomainsIn(const QByteArray &content)
{
    QStringList domains;
    for (const QByteArrayList &words : statementsIn(content)) {
        if (words[0] != "search" && words[0] != "domain")
            continue;
        domains.clear();
        for (const QByteArray &word : words.mid(1))
            domains += QString::fromLatin1(word);
    }
    return domains;
}

} // namespace sallyport::dns
