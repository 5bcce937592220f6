// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_resolved.h"

#include <QDBusArgument>
#include <QDBusMetaType>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <sys/socket.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

struct FakeServer {
    int family = 0;
    QByteArray address;
    quint16 port = 0;
    QString name;
};
struct FakeDomain {
    QString name;
    bool routingOnly = false;
};
struct FakeLinkDomain {
    int link = 0;
    QString name;
    bool routingOnly = false;
};

QDBusArgument &operator<<(QDBusArgument &argument, const FakeServer &value)
{
    argument.beginStructure();
    argument << value.family << value.address << value.port << value.name;
    argument.endStructure();
    return argument;
}

/// With or without port and name.
const QDBusArgument &operator>>(const QDBusArgument &argument, FakeServer &value)
{
    argument.beginStructure();
    argument >> value.family >> value.address;
    if (!argument.atEnd())
        argument >> value.port >> value.name;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const FakeDomain &value)
{
    argument.beginStructure();
    argument << value.name << value.routingOnly;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, FakeDomain &value)
{
    argument.beginStructure();
    argument >> value.name >> value.routingOnly;
    argument.endStructure();
    return argument;
}

QDBusArgument &operator<<(QDBusArgument &argument, const FakeLinkDomain &value)
{
    argument.beginStructure();
    argument << value.link << value.name << value.routingOnly;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, FakeLinkDomain &value)
{
    argument.beginStructure();
    argument >> value.link >> value.name >> value.routingOnly;
    argument.endStructure();
    return argument;
}

} // namespace sallyport::test

Q_DECLARE_METATYPE(sallyport::test::FakeServer)
Q_DECLARE_METATYPE(sallyport::test::FakeDomain)
Q_DECLARE_METATYPE(sallyport::test::FakeLinkDomain)

namespace sallyport::test {

namespace {

const QString kService = u"org.freedesktop.resolve1"_s;
const QString kRoot = u"/org/freedesktop/resolve1"_s;
const QString kLinkPath = u"/org/freedesktop/resolve1/link/_3"_s;

QString textOf(const FakeServer &server)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const qsizetype due = server.family == AF_INET ? 4 : 16;
    if (server.address.size() != due
        || !inet_ntop(server.family, server.address.constData(), text.data(), INET6_ADDRSTRLEN))
        return u"no address"_s;
    const QString address = QString::fromLatin1(text.data());
    return server.name.isEmpty() ? address : QString(address + u'#' + server.name);
}

FakeServer serverOf(const QString &text)
{
    const QByteArray address = text.section(u'#', 0, 0).toLatin1();
    const int family = address.contains(':') ? AF_INET6 : AF_INET;
    FakeServer server{family, QByteArray(family == AF_INET ? 4 : 16, '\0'), 0, text.section(u'#', 1)};
    if (inet_pton(family, address.constData(), server.address.data()) != 1)
        qFatal("%s is no address", address.constData());
    return server;
}

FakeDomain domainOf(const QString &text)
{
    return {text.startsWith(u'~') ? text.mid(1) : text, text.startsWith(u'~')};
}

} // namespace

FakeResolved::FakeResolved(const QDBusConnection &bus) : m_bus(bus)
{
    qDBusRegisterMetaType<FakeServer>();
    qDBusRegisterMetaType<QList<FakeServer>>();
    qDBusRegisterMetaType<FakeDomain>();
    qDBusRegisterMetaType<QList<FakeDomain>>();
    qDBusRegisterMetaType<FakeLinkDomain>();
    qDBusRegisterMetaType<QList<FakeLinkDomain>>();
    if (!m_bus.registerVirtualObject(kRoot, this, QDBusConnection::SubPath) || !m_bus.registerService(kService))
        qFatal("the fake systemd-resolved cannot have its place");
}

FakeResolved::~FakeResolved()
{
    const QString name = m_bus.name();
    m_bus.unregisterService(kService);
    QDBusConnection::disconnectFromBus(name);
}

void FakeResolved::startAnew()
{
    m_bus.unregisterService(kService);
    links.clear();
    m_bus.registerService(kService);
}

QString FakeResolved::introspect(const QString &) const
{
    return {};
}

bool FakeResolved::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    message.setDelayedReply(true);
    if (m_mood == Mood::Silent)
        return true;
    m_bus.send(answer(message));
    const auto owners
        = std::ranges::count_if(links, [](const auto &each) { return each.second.domains.contains(u"~."_s); });
    mostOwners = std::max<qsizetype>(mostOwners, owners);
    return true;
}

QVariantMap FakeResolved::propertiesOf(int index) const
{
    const auto found = links.find(index);
    const Link link = found == links.end() ? Link() : found->second;
    QList<FakeServer> servers;
    for (const QString &each : link.servers)
        servers.append(serverOf(each));
    QList<FakeDomain> domains;
    for (const QString &each : link.domains)
        domains.append(domainOf(each));
    return {{u"DNSEx"_s, QVariant::fromValue(servers)}, {u"Domains"_s, QVariant::fromValue(domains)},
        {u"DefaultRoute"_s, link.defaultRoute}, {u"LLMNR"_s, link.llmnr}, {u"MulticastDNS"_s, link.multicastDns},
        {u"DNSSEC"_s, link.dnssec}, {u"DNSOverTLS"_s, link.tls}};
}

QDBusMessage FakeResolved::answer(const QDBusMessage &message)
{
    if (message.path() == kRoot && message.member() == u"Get") {
        QList<FakeLinkDomain> domains;
        for (const auto &[index, link] : links) {
            for (const QString &each : link.domains)
                domains.append({index, domainOf(each).name, domainOf(each).routingOnly});
        }
        return message.createReply(QVariant::fromValue(QDBusVariant(QVariant::fromValue(domains))));
    }
    if (message.member() == u"GetAll" && message.path().startsWith(kLinkPath))
        return message.createReply(QVariant(propertiesOf(message.path().mid(kLinkPath.size()).toInt())));
    return answerManager(message);
}

QDBusMessage FakeResolved::answerManager(const QDBusMessage &message)
{
    const QString method = message.member();
    const int index = message.arguments().value(0).toInt();
    const QVariant value = message.arguments().value(1);
    if (method == u"GetLink")
        return message.createReply(QVariant::fromValue(QDBusObjectPath(kLinkPath + QString::number(index))));
    if (method == u"FlushCaches") {
        ++flushes;
        return message.createReply();
    }
    if (m_mood == Mood::Busy)
        return message.createErrorReply(u"org.freedesktop.resolve1.LinkBusy"_s, u"Link is managed."_s);
    if (m_mood == Mood::Old && method == u"SetLinkDNSEx")
        return message.createErrorReply(QDBusError::UnknownMethod, u"Unknown method."_s);
    if (method == u"RevertLink") {
        links.erase(index);
        return message.createReply();
    }
    Link &link = links[index];
    if (method == u"SetLinkDNSEx" || method == u"SetLinkDNS") {
        link.servers.clear();
        for (const FakeServer &each : qdbus_cast<QList<FakeServer>>(value))
            link.servers += textOf(each);
    } else if (method == u"SetLinkDomains") {
        link.domains.clear();
        for (const FakeDomain &each : qdbus_cast<QList<FakeDomain>>(value))
            link.domains += (each.routingOnly ? u"~"_s : QString()) + each.name;
    } else if (method == u"SetLinkDefaultRoute") {
        link.defaultRoute = value.toBool();
    } else {
        QString &setting = method == u"SetLinkLLMNR" ? link.llmnr
            : method == u"SetLinkMulticastDNS"       ? link.multicastDns
            : method == u"SetLinkDNSSEC"             ? link.dnssec
                                                     : link.tls;
        setting = value.toString();
    }
    return message.createReply();
}

} // namespace sallyport::test
