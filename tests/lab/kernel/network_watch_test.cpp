// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/network/network_watch.h"
#include "tests/lab/kernel/private_network.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString whyNot;

/// `ip …`
void ip_(const QString &arguments)
{
    run(QStringList(u"ip"_s) + arguments.split(u' '));
}

void addCard(const QString &name)
{
    ip_(u"link add %1 type veth peer name far-%1 netns far"_s.arg(name));
    run({u"ip"_s, u"-n"_s, u"far"_s, u"link"_s, u"set"_s, u"far-"_s + name, u"up"_s});
    ip_(u"link set %1 up"_s.arg(name));
}

void removeCards()
{
    for (const QString &name : {u"card"_s, u"other"_s, u"renamed"_s})
        succeeds({u"ip"_s, u"link"_s, u"del"_s, name});
}

} // namespace

/// What is known of networks, against the kernel's own.
class NetworkWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void anAddressIsToldAtOnce();
    void whatIsNotUsableIsNotTold();
    void onlyPhysicalNetworksCount();
    void theGatewaysAddressMakesThePrint();
    void theSameNetworkHasTheSamePrintOnAnotherCard();
    void aCardThatIsRenamedOrMovedAwayIsSurvived();
    void aBurstIsCollected();
    void lostNotificationsAreMadeUpFor();

private:
    /// As it was told last; without a name: there is none.
    PathNetwork find(const QString &name) const
    {
        for (const PathNetwork &network : m_watch->networks()) {
            if (network.interface == name)
                return network;
        }
        return {};
    }
    bool isThere(const QString &name) const { return find(name).interface == name; }
    bool has(const QString &name, const QString &address) const
    {
        return std::ranges::count(find(name).addresses, *InterfaceAddress::parse(address)) == 1;
    }
    NetworkPrint print(const QString &name) const { return find(name).print; }

    std::unique_ptr<NetworkWatch> m_watch;
};

void NetworkWatchTest::initTestCase()
{
    if (!whyNot.isEmpty())
        QSKIP(qPrintable(whyNot));
    run({u"ip"_s, u"netns"_s, u"add"_s, u"far"_s});
}

void NetworkWatchTest::init()
{
    addCard(u"card"_s);
    m_watch = std::make_unique<NetworkWatch>();
    QVERIFY(m_watch->start());
}

void NetworkWatchTest::cleanup()
{
    m_watch.reset();
    removeCards();
}

void NetworkWatchTest::anAddressIsToldAtOnce()
{
    QTest::qWait(1200); // what the new card has set off is over
    QSignalSpy told(m_watch.get(), &NetworkWatch::changed);
    ip_(u"addr add 192.0.2.10/24 dev card"_s);
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY(has(u"card"_s, u"192.0.2.10/24"_s));
    qInfo("told %lld us after the command had ended", static_cast<long long>(timer.nsecsElapsed() / 1000));
    QVERIFY(std::chrono::milliseconds(timer.elapsed()) < 100ms);
    ip_(u"addr del 192.0.2.10/24 dev card"_s);
    QTRY_VERIFY(!has(u"card"_s, u"192.0.2.10/24"_s));
    QVERIFY(told.count() >= 2);
}

void NetworkWatchTest::whatIsNotUsableIsNotTold()
{
    // Duplicate address detection goes on for a second.
    run({u"sysctl"_s, u"-qw"_s, u"net.ipv6.conf.card.accept_dad=1"_s, u"net.ipv6.conf.card.dad_transmits=1"_s});
    ip_(u"addr add 2001:db8::10/64 dev card"_s);
    ip_(u"addr add 192.0.2.10/24 dev card"_s);
    QTRY_VERIFY(has(u"card"_s, u"192.0.2.10/24"_s));
    QVERIFY(!has(u"card"_s, u"2001:db8::10/64"_s));
    QTRY_VERIFY(has(u"card"_s, u"2001:db8::10/64"_s));
    ip_(u"addr change 2001:db8::10/64 dev card preferred_lft 0"_s);
    QTRY_VERIFY(!has(u"card"_s, u"2001:db8::10/64"_s));
    run({u"ip"_s, u"-n"_s, u"far"_s, u"link"_s, u"set"_s, u"far-card"_s, u"down"_s});
    QTRY_VERIFY(!isThere(u"card"_s));
}

void NetworkWatchTest::onlyPhysicalNetworksCount()
{
    ip_(u"link add bridge0 type bridge"_s);
    ip_(u"tuntap add mode tun name tunnel"_s);
    ip_(u"tuntap add mode tun name sally-home"_s);
    int number = 1;
    for (const QString &name : {u"bridge0"_s, u"tunnel"_s, u"sally-home"_s, u"card"_s}) {
        ip_(u"addr add 198.51.100.%1/32 dev %2"_s.arg(number++).arg(name));
        ip_(u"link set %1 up"_s.arg(name));
    }
    QTRY_VERIFY(has(u"card"_s, u"198.51.100.4/32"_s));
    QCOMPARE(m_watch->networks().size(), 1U);
    for (const QString &name : {u"bridge0"_s, u"tunnel"_s, u"sally-home"_s})
        ip_(u"link del %1"_s.arg(name));
}

void NetworkWatchTest::theGatewaysAddressMakesThePrint()
{
    ip_(u"addr add 192.0.2.10/24 dev card"_s);
    ip_(u"route add default via 192.0.2.1 dev card"_s);
    QTRY_VERIFY(find(u"card"_s).hasDefault4);
    QCOMPARE(print(u"card"_s), NetworkPrint{});
    ip_(u"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev card nud reachable"_s);
    QTRY_VERIFY(print(u"card"_s) != NetworkPrint{});
    const NetworkPrint first = print(u"card"_s);
    // Another network with the same numbers: the cable was pulled meanwhile.
    ip_(u"link set card down"_s);
    ip_(u"link set card up"_s);
    ip_(u"route add default via 192.0.2.1 dev card"_s);
    ip_(u"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:02 dev card nud reachable"_s);
    QTRY_VERIFY(print(u"card"_s) != NetworkPrint{} && print(u"card"_s) != first);
}

void NetworkWatchTest::theSameNetworkHasTheSamePrintOnAnotherCard()
{
    addCard(u"other"_s);
    for (const QString &name : {u"card"_s, u"other"_s}) {
        const QString own = name == u"card"_s ? u"192.0.2.10/24"_s : u"192.0.2.11/24"_s;
        ip_(u"addr add %1 dev %2"_s.arg(own, name));
        ip_(u"route add default via 192.0.2.1 dev %1 metric %2"_s.arg(name).arg(name.size()));
        ip_(u"neigh replace 192.0.2.1 lladdr 02:00:00:00:00:01 dev %1 nud reachable"_s.arg(name));
    }
    QTRY_VERIFY(print(u"other"_s) != NetworkPrint{} && print(u"card"_s) != NetworkPrint{});
    QCOMPARE(print(u"other"_s), print(u"card"_s));
}

void NetworkWatchTest::aCardThatIsRenamedOrMovedAwayIsSurvived()
{
    ip_(u"addr add 192.0.2.10/24 dev card"_s);
    QTRY_VERIFY(has(u"card"_s, u"192.0.2.10/24"_s));
    ip_(u"link set card down"_s);
    ip_(u"link set card name renamed"_s);
    ip_(u"link set renamed up"_s);
    QTRY_VERIFY(has(u"renamed"_s, u"192.0.2.10/24"_s) && !isThere(u"card"_s));
    ip_(u"link set renamed netns far"_s);
    QTRY_VERIFY(m_watch->networks().empty());
    run({u"ip"_s, u"-n"_s, u"far"_s, u"link"_s, u"set"_s, u"renamed"_s, u"netns"_s, QString::number(getpid())});
    ip_(u"addr add 192.0.2.12/24 dev renamed"_s);
    ip_(u"link set renamed up"_s);
    QTRY_VERIFY(has(u"renamed"_s, u"192.0.2.12/24"_s));
}

void NetworkWatchTest::aBurstIsCollected()
{
    QSignalSpy told(m_watch.get(), &NetworkWatch::changed);
    QElapsedTimer timer;
    timer.start();
    for (int i = 1; i <= 60; ++i) {
        ip_(u"addr add 10.9.%1.1/24 dev card"_s.arg(i));
        QCoreApplication::processEvents();
    }
    const auto took = std::chrono::milliseconds(timer.elapsed());
    QTRY_VERIFY(has(u"card"_s, u"10.9.60.1/24"_s));
    qInfo("%lld changes told for 60 within %lld ms", static_cast<long long>(told.count()),
        static_cast<long long>(timer.elapsed()));
    QVERIFY(told.count() <= took / 150ms + 3);
}

void NetworkWatchTest::lostNotificationsAreMadeUpFor()
{
    // More than the socket's buffer holds while nobody reads.
    QByteArray batch;
    for (int i = 0; i < 3000; ++i)
        batch += u"addr add 10.%1.%2.1/24 dev card\n"_s.arg(i / 250 + 10).arg(i % 250).toUtf8();
    run({u"ip"_s, u"-batch"_s, u"-"_s}, batch);
    QTRY_VERIFY_WITH_TIMEOUT(find(u"card"_s).addresses.size() >= 3000, 10000);
    ip_(u"addr flush dev card"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!has(u"card"_s, u"10.10.1.1/24"_s), 10000);
}

int main(int argc, char **argv)
{
    whyNot = enterPrivateNetwork();
    const QCoreApplication application(argc, argv);
    NetworkWatchTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "network_watch_test.moc"
