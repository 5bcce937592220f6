// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolved.h"

#include "helper/dns/resolved_values.h"

#include <QDBusConnectionInterface>
#include <QDBusReply>

#include <algorithm>
#include <net/if.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kService = u"org.freedesktop.resolve1"_s;
const QString kPath = u"/org/freedesktop/resolve1"_s;
const QString kManager = u"org.freedesktop.resolve1.Manager"_s;
const QString kProperties = u"org.freedesktop.DBus.Properties"_s;
constexpr int kPatienceMs = 1000;
constexpr auto kSilence = 10s;

int indexOf(const QString &link)
{
    return static_cast<int>(if_nametoindex(link.toUtf8().constData()));
}

Error errorIn(const QDBusMessage &reply)
{
    const QString name = reply.errorName();
    if (name.endsWith(u".NoReply") || name.endsWith(u".Timeout") || name.endsWith(u".TimedOut"))
        return {Errc::TimedOut, u"systemd-resolved does not answer."_s, {}};
    if (name.endsWith(u".LinkBusy"))
        return {
            Errc::KernelRefused, u"systemd-networkd says that this link is its own; a .network file matches it."_s, {}};
    if (name.endsWith(u".ServiceUnknown") || name.endsWith(u".NameHasNoOwner"))
        return {Errc::FeatureMissing, u"systemd-resolved does not run."_s, {}};
    return {Errc::KernelRefused, u"systemd-resolved refuses: %1 (%2)."_s.arg(reply.errorMessage(), name), {}};
}

bool isUnknownMethod(const QDBusMessage &reply)
{
    return reply.errorName() == u"org.freedesktop.DBus.Error.UnknownMethod";
}

bool usesTls(const LinkDns &dns)
{
    return std::ranges::any_of(dns.servers, [](const DnsServer &server) { return !server.tlsName.isEmpty(); });
}

} // namespace

Resolved::Resolved(QDBusConnection bus) : m_bus(std::move(bus))
{
    registerResolvedTypes();
}

bool Resolved::isThere()
{
    QDBusConnectionInterface *daemon = m_bus.interface();
    if (!daemon || m_seen)
        return m_seen;
    daemon->setTimeout(kPatienceMs);
    m_seen
        = daemon->isServiceRegistered(kService).value() || daemon->activatableServiceNames().value().contains(kService);
    return m_seen;
}

QDBusMessage Resolved::ask(const QDBusMessage &call)
{
    if (Clock::now() < m_silentUntil)
        return call.createErrorReply(QDBusError::NoReply, u"It did not answer a moment ago."_s);
    const QDBusMessage reply = m_bus.call(call, QDBus::Block, kPatienceMs);
    if (reply.type() == QDBusMessage::ErrorMessage && errorIn(reply).code == Errc::TimedOut)
        m_silentUntil = Clock::now() + kSilence;
    return reply;
}

Result<QDBusMessage> Resolved::manager(const QString &method, const QVariantList &arguments)
{
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kManager, method);
    call.setArguments(arguments);
    const QDBusMessage reply = ask(call);
    return reply.type() == QDBusMessage::ReplyMessage ? Result<QDBusMessage>(reply) : errorIn(reply);
}

Result<QVariantMap> Resolved::properties(int index)
{
    QString &path = m_paths[index];
    if (path.isEmpty()) {
        const auto link = manager(u"GetLink"_s, {index});
        if (!link)
            return link.error();
        path = link->arguments().value(0).value<QDBusObjectPath>().path();
    }
    QDBusMessage call = QDBusMessage::createMethodCall(kService, path, kProperties, u"GetAll"_s);
    call.setArguments({u"org.freedesktop.resolve1.Link"_s});
    const QDBusReply<QVariantMap> reply = ask(call);
    if (!reply.isValid())
        return Error{Errc::KernelRefused, reply.error().message(), {}};
    return reply.value();
}

Result<std::optional<LinkDns>> Resolved::get(const QString &link)
{
    const int index = indexOf(link);
    if (index == 0)
        return std::optional<LinkDns>();
    const auto found = properties(index);
    if (!found)
        return found.error();
    return linkDnsIn(link, *found);
}

Result<Done> Resolved::setServers(int index, const LinkDns &dns)
{
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kManager, u"SetLinkDNSEx"_s);
    call.setArguments({index, QVariant::fromValue(serversFor(dns))});
    QDBusMessage reply = ask(call);
    // Before systemd 246, where a server has no name either.
    if (isUnknownMethod(reply) && !usesTls(dns)) {
        call = QDBusMessage::createMethodCall(kService, kPath, kManager, u"SetLinkDNS"_s);
        call.setArguments({index, QVariant::fromValue(plainServersFor(dns))});
        reply = ask(call);
    }
    return reply.type() == QDBusMessage::ReplyMessage ? Result<Done>(Done{}) : errorIn(reply);
}

/// The servers come before the domains: a link that is asked for everything must have somebody to ask.
Result<Done> Resolved::set(const LinkDns &dns)
{
    const int index = indexOf(dns.link);
    if (index == 0)
        return Error{Errc::KernelRefused, u"There is no link called %1."_s.arg(dns.link), {}};
    if (auto servers = setServers(index, dns); !servers)
        return servers;
    const QString no = u"no"_s;
    const std::vector<std::pair<QString, QVariant>> steps = {
        {u"SetLinkDNSOverTLS"_s, usesTls(dns) ? u"yes"_s : no},
        // A provider's resolver may block or translate names; neither can be signed.
        {u"SetLinkDNSSEC"_s, no},
        {u"SetLinkLLMNR"_s, no},
        {u"SetLinkMulticastDNS"_s, no},
        {u"SetLinkDomains"_s, QVariant::fromValue(domainsFor(dns))},
        {u"SetLinkDefaultRoute"_s, dns.routingDomains.contains(u"."_s)},
    };
    for (const auto &[method, value] : steps) {
        if (const auto done = manager(method, {index, value}); !done)
            return done.error();
    }
    // Answers of the network's resolver must not outlive it.
    const auto flushed = manager(u"FlushCaches"_s, {});
    return flushed ? Result<Done>(Done{}) : flushed.error();
}

Result<Done> Resolved::revert(const QString &link)
{
    const int index = indexOf(link);
    if (index == 0)
        return Done{};
    if (const auto reverted = manager(u"RevertLink"_s, {index}); !reverted)
        return reverted.error();
    const auto flushed = manager(u"FlushCaches"_s, {});
    return flushed ? Result<Done>(Done{}) : flushed.error();
}

QStringList Resolved::rivals(const QStringList &ours)
{
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kProperties, u"Get"_s);
    call.setArguments({kManager, u"Domains"_s});
    const QDBusReply<QDBusVariant> reply = ask(call);
    QStringList links;
    if (!reply.isValid())
        return links;
    for (const auto &each : qdbus_cast<QList<ResolvedLinkDomain>>(reply.value().variant())) {
        char name[IF_NAMESIZE] = {};
        const bool isLink = each.link > 0 && if_indextoname(static_cast<unsigned>(each.link), name);
        const QString link = QString::fromUtf8(name);
        if (isLink && each.domain == u"." && !ours.contains(link) && !links.contains(link))
            links += link;
    }
    links.sort();
    return links;
}

} // namespace sallyport::dns
