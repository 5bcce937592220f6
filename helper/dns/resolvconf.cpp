// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolvconf.h"

#include "core/constants.h"
#include "helper/dns/resolv_text.h"
#include "helper/files/replace_file.h"
#include "helper/kernel/process/spawn.h"

#include <QFileInfo>

#include <algorithm>

namespace sallyport::dns {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype kLimit = 64 * 1024;
constexpr auto kVersionPatience = 1s;
constexpr auto kPatience = 5s; ///< its hooks start name servers anew

/// interface-order(5) of Debian's puts `tun*` before every card.
QString recordName(DnsWay way, const QString &link)
{
    return way == DnsWay::DebianResolvconf ? QString(u"tun."_s + link) : link;
}

QStringList environment()
{
    return {u"PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/run/current-system/sw/bin"_s, u"LC_ALL=C"_s};
}

QByteArray inputFor(const LinkDns &dns)
{
    QByteArray text;
    for (const DnsServer &server : dns.servers)
        text += "nameserver " + server.address.toString().toLatin1() + '\n';
    if (!dns.searchDomains.isEmpty())
        text += "search " + dns.searchDomains.join(u' ').toLatin1() + '\n';
    return text;
}

} // namespace

QString Resolvconf::program() const
{
    const auto found
        = std::ranges::find_if(m_paths.programs, [](const QString &path) { return QFileInfo(path).isExecutable(); });
    return found == m_paths.programs.end() ? QString() : *found;
}

QByteArray Resolvconf::version()
{
    const QString path = program();
    if (path != std::exchange(m_askedProgram, path)) {
        const auto output = path.isEmpty()
            ? Result<QByteArray>(QByteArray())
            : outputOf({path, {u"--version"_s}, environment(), -1, {}}, kVersionPatience);
        m_version = output ? *output : QByteArray();
    }
    return m_version;
}

std::vector<LinkDns> Resolvconf::records() const
{
    std::vector<LinkDns> found;
    for (const char *name : {kExitLink, kHomeLink}) {
        const QString link = QString::fromLatin1(name);
        // Debian's; openresolv's before and since 3.13.
        for (const QString &file : {u"/interface/tun."_s, u"/interfaces/"_s, u"/keys/"_s}) {
            const auto content = contentOf(QString(m_paths.state + file + link), kLimit);
            if (!content || content->isEmpty())
                continue;
            LinkDns record{link, {}, searchDomainsIn(*content), {u"."_s}};
            for (const IpAddress &address : nameserversIn(*content))
                record.servers.push_back({address, {}});
            found.push_back(std::move(record));
        }
    }
    return found;
}

Result<Done> Resolvconf::put(DnsWay way, const LinkDns &dns) const
{
    QStringList arguments = {u"-a"_s, recordName(way, dns.link)};
    if (way == DnsWay::Openresolv)
        arguments += {u"-m"_s, u"0"_s, u"-x"_s};
    return run(arguments, inputFor(dns));
}

Result<Done> Resolvconf::remove(DnsWay way, const QString &link) const
{
    QStringList arguments = {u"-d"_s, recordName(way, link)};
    if (way == DnsWay::Openresolv)
        arguments += u"-f"_s;
    return run(arguments, {});
}

Result<Done> Resolvconf::run(const QStringList &arguments, const QByteArray &input) const
{
    const QString path = program();
    if (path.isEmpty())
        return Error{Errc::FeatureMissing, u"resolvconf is not installed any more."_s, {}};
    const auto end = endOf({path, arguments, environment(), -1, input}, kPatience);
    if (!end)
        return end.error();
    if (end->killed)
        return Error{Errc::TimedOut, u"resolvconf takes longer than %1 s."_s.arg(kPatience.count()), {}};
    if (end->status != 0)
        return Error{
            Errc::StorageFailed, u"resolvconf %1 failed with %2."_s.arg(arguments.first()).arg(end->status), {}};
    return Done{};
}

} // namespace sallyport::dns
