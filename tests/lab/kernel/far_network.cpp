// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/far_network.h"

#include "tests/lab/kernel/private_network.h"

#include <QJsonObject>
#include <QTest>

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

void here(const QString &command)
{
    (void)test::run(command.split(u' '));
}

IpAddress linkLocalOf(const QString &device)
{
    for (const QJsonValue &link : ip(u"-6 addr show scope link dev "_s + device)) {
        // What is not of this scope is printed as an empty object.
        for (const QJsonValue &entry : link.toObject()[u"addr_info"_s].toArray()) {
            if (const auto address = IpAddress::parse(entry.toObject()[u"local"_s].toString()))
                return *address;
        }
    }
    return {};
}

} // namespace

FarNetwork::Visit::Visit(const FarNetwork &network) : m_before(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC))
{
    if (setns(network.m_namespace.get(), CLONE_NEWNET) != 0)
        qFatal("cannot enter the far network");
}

FarNetwork::Visit::~Visit()
{
    if (setns(m_before.get(), CLONE_NEWNET) != 0)
        qFatal("cannot come back");
}

FarNetwork::FarNetwork()
{
    here(u"ip netns add far"_s);
    m_namespace = FileHandle(open("/run/netns/far", O_RDONLY | O_CLOEXEC));
    // An address is then used at once, without asking first whether somebody else has it.
    for (const QString &which : {u"all"_s, u"default"_s}) {
        here(u"sysctl -qw net.ipv6.conf.%1.accept_dad=0"_s.arg(which));
        run(u"sysctl -qw net.ipv6.conf.%1.accept_dad=0"_s.arg(which));
    }
    here(u"ip link add near0 type veth peer name far0 netns far"_s);
    here(u"ip addr add 10.9.0.1/24 dev near0"_s);
    here(u"ip addr add fd09::1/64 dev near0"_s);
    run(u"ip addr add 10.9.0.2/24 dev far0"_s);
    run(u"ip addr add fd09::2/64 dev far0"_s);
    run(u"ip link set lo up"_s);
    run(u"ip link set far0 up"_s);
    here(u"ip link set near0 up"_s);
    const auto isReady = [this] { return nearLinkLocal().isLinkLocal() && farLinkLocal().isLinkLocal(); };
    if (!QTest::qWaitFor(isReady, 10000))
        qFatal("the cable gets no link-local addresses");
}

QByteArray FarNetwork::run(const QString &command, const QByteArray &input) const
{
    return test::run(u"ip netns exec far "_s.append(command).split(u' '), input);
}

IpAddress FarNetwork::near(Family family) const
{
    return *IpAddress::parse(family == Family::IPv4 ? u"10.9.0.1" : u"fd09::1");
}

IpAddress FarNetwork::far(Family family) const
{
    return *IpAddress::parse(family == Family::IPv4 ? u"10.9.0.2" : u"fd09::2");
}

IpAddress FarNetwork::nearLinkLocal() const
{
    return linkLocalOf(u"near0"_s);
}

IpAddress FarNetwork::farLinkLocal() const
{
    const Visit visit(*this);
    return linkLocalOf(u"far0"_s);
}

quint32 FarNetwork::nearIndex() const
{
    return if_nametoindex("near0");
}

quint32 FarNetwork::farIndex() const
{
    const Visit visit(*this);
    return if_nametoindex("far0");
}

} // namespace sallyport::test
