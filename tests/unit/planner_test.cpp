// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/planner.h"
#include "core/plan/tunnel_mtu.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

struct Wish {
    Intent intent;
    std::vector<Uplink> uplinks;
    bool allowLan = true;
};

QString describe(const Wish &wish)
{
    return u"home %1, exit %2, %3 uplinks, lan %4"_s.arg(wish.intent.home)
        .arg(wish.intent.exit ? wish.intent.exitName : u"off"_s)
        .arg(wish.uplinks.size())
        .arg(wish.allowLan);
}

Wish randomWish(std::mt19937 &random)
{
    const QStringList exits = {QString(), u"se"_s, u"v4only"_s, u"vps"_s, u"nas"_s};
    const std::array places = {sample::homeLan(), sample::hotel(), std::vector<Uplink>{}};
    const QString &exit = exits[static_cast<qsizetype>(random() % 5)];
    const bool lockdown = random() % 3 == 0;
    return {{random() % 2 == 0, !exit.isEmpty(), exit, lockdown}, places[random() % 3], random() % 3 != 0};
}

DesiredState desiredFor(const Wish &wish)
{
    Configuration configuration = sample::configuration();
    configuration.policy.allowLan = wish.allowLan;
    return desiredStateOf(configuration, wish.intent, {wish.uplinks, {}}, sample::secrets(configuration));
}

template<class T>
std::vector<T> sorted(std::vector<T> list)
{
    std::ranges::sort(list);
    return list;
}

/// Empty: they are the same.
QString differenceFrom(const DesiredLink &wanted, const ObservedLink &link)
{
    if (!link.up || link.mtu != wanted.mtu || link.mark != wanted.mark || link.publicKey != wanted.publicKey
        || link.addresses != wanted.addresses || (wanted.listenPort != 0 && link.listenPort != wanted.listenPort))
        return u"link "_s + wanted.name;
    if (link.peers.size() != wanted.peers.size())
        return u"number of peers"_s;
    for (std::size_t i = 0; i < wanted.peers.size(); ++i) {
        Peer peer = link.peers[i].peer;
        peer.endpoint = wanted.peers[i].peer.endpoint; // judged in tests of its own
        if (peer != wanted.peers[i].peer)
            return u"peer %1 of %2"_s.arg(i).arg(wanted.name);
    }
    return {};
}

/// Compares object by object, without asking the planner: the fake kernel must hold exactly what is desired.
QString differenceFrom(const DesiredState &desired, const ObservedState &state)
{
    if (sorted(state.routes) != sorted(desired.routes))
        return u"routes"_s;
    if (sorted(state.rules) != sorted(desired.rules))
        return u"rules"_s;
    if (state.links.size() != desired.links.size())
        return u"number of links"_s;
    for (const DesiredLink &wanted : desired.links) {
        const auto link = std::ranges::find(state.links, wanted.name, &ObservedLink::name);
        if (link == state.links.end())
            return u"no link "_s + wanted.name;
        if (QString different = differenceFrom(wanted, *link); !different.isEmpty())
            return different;
    }
    if (state.tables.size() != desired.tables.size() || state.settings.size() != desired.settings.size()
        || state.hosts != desired.hosts)
        return u"tables, settings or hosts"_s;
    return {};
}

Result<Done> runAll(const Plan &plan, FakeKernel &kernel)
{
    for (const auto *part : {&plan.now, &plan.comfort, &plan.later}) {
        if (auto done = run(*part, kernel); !done)
            return done;
    }
    return Done{};
}

IpAddress address(const char *text)
{
    return *IpAddress::parse(QString::fromLatin1(text));
}

Plan planFor(const Wish &wish, FakeKernel &kernel)
{
    kernel.state.uplinks = wish.uplinks;
    return plan(desiredFor(wish), kernel.state);
}

void reach(const Wish &wish, FakeKernel &kernel)
{
    const auto done = runAll(planFor(wish, kernel), kernel);
    QVERIFY2(done, done ? "" : qPrintable(done.error().place + done.error().detail));
}

} // namespace

class PlannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStateIsReachedFromEveryOther();
    void aRefusedOperationIsMadeUpForByTheNextPlan();
    void whileExitOrLockdownStaysOnNothingEverLeavesByTheUplink();
    void encryptedPacketsNeverEnterATunnel();
    void removingPeersPrecedesDeletingTheLink();
    void oneChangedPeerAmongThousandsIsOneChange();
    void thePresentEndpointIsLeftAloneWhileItWorks();
    void aForeignLinkOfOurNameIsNeverTouched();
    void aWorkingEndpointIsKeptThoughAnotherIsPreferred();
    void comingHomeMovesToTheLanAtOnceAndLeavingMovesAway();
    void containersStayReachableWhateverTheExit();
    void aSubnetGivesWayOnlyToTheNetworkWeStandOn();
    void whereTheDeviceIsNotProvedToBe_itsSubnetIsReachedThroughHome();
    void whereTheDeviceIsProvedToBe_itsSubnetGivesWay();
    void provedOnAnotherInterface_saysNothingOfThisOne();
    void whileMeshdChooses_onlyAMissingEndpointIsSet();
    void whenTheGuardCloses_whatWaitsInTheKernelIsDroppedNext();
    void smallNetworksCarryIPv4Only();
    void tunnelsFitThroughEveryUplink();
    void tunnelsFitThroughTheirOwnWays();
};

void PlannerTest::everyStateIsReachedFromEveryOther()
{
    std::mt19937 random(20240917);
    FakeKernel kernel;
    for (int round = 0; round < 2000; ++round) {
        const Wish wish = randomWish(random);
        const auto done = runAll(planFor(wish, kernel), kernel);
        QVERIFY2(done, done ? "" : qPrintable(describe(wish) + done.error().place + done.error().detail));
        const QString different = differenceFrom(desiredFor(wish), kernel.state);
        QVERIFY2(different.isEmpty(), qPrintable(describe(wish) + u": "_s + different));
        QVERIFY2(planFor(wish, kernel).isEmpty(), qPrintable(describe(wish)));
    }
}

void PlannerTest::aRefusedOperationIsMadeUpForByTheNextPlan()
{
    std::mt19937 random(7);
    FakeKernel kernel;
    for (int round = 0; round < 2000; ++round) {
        kernel.executed = 0;
        kernel.refuseAt = static_cast<int>(random() % 40);
        (void)runAll(planFor(randomWish(random), kernel), kernel);
        kernel.refuseAt.reset();
        const Wish wish = randomWish(random);
        reach(wish, kernel);
        QCOMPARE(differenceFrom(desiredFor(wish), kernel.state), QString());
    }
}

void PlannerTest::whileExitOrLockdownStaysOnNothingEverLeavesByTheUplink()
{
    std::mt19937 random(11);
    FakeKernel kernel;
    bool wasOn = false;
    int checked = 0;
    for (int round = 0; round < 1000; ++round) {
        Wish wish = randomWish(random);
        wish.uplinks = sample::hotel();
        const Plan next = planFor(wish, kernel);
        std::vector<Operation> operations = next.now;
        operations.insert(operations.end(), next.later.begin(), next.later.end());
        for (const Operation &operation : operations) {
            QVERIFY(kernel.execute(operation));
            if (!wasOn || !(wish.intent.exit || wish.intent.lockdown))
                continue;
            ++checked;
            for (const char *destination : {"203.0.113.80", "2001:db8:80::80"})
                QVERIFY2(kernel.route(address(destination)) != Fate::Uplink,
                    qPrintable(describe(wish) + u" after "_s + sallyport::describe(operation)));
        }
        wasOn = wish.intent.exit || wish.intent.lockdown;
    }
    QVERIFY(checked > 1000);
}

void PlannerTest::encryptedPacketsNeverEnterATunnel()
{
    std::mt19937 random(13);
    FakeKernel kernel;
    for (int round = 0; round < 500; ++round) {
        const Wish wish = randomWish(random);
        for (const Operation &operation : planFor(wish, kernel).now) {
            QVERIFY(kernel.execute(operation));
            for (const ObservedLink &link : kernel.state.links) {
                const Fate fate = kernel.route(address("198.51.100.7"), link.mark);
                // A link without its mark yet has no peers yet, so it sends nothing.
                QVERIFY2(link.mark == 0 ? link.peers.empty() : fate == Fate::Uplink || fate == Fate::Refused,
                    qPrintable(describe(wish) + u" after "_s + sallyport::describe(operation)));
            }
        }
        reach(wish, kernel);
    }
}

void PlannerTest::removingPeersPrecedesDeletingTheLink()
{
    FakeKernel kernel;
    reach({{true, true, u"se"_s, false}, sample::hotel()}, kernel);
    const Plan off = planFor({{}, sample::hotel()}, kernel);
    QCOMPARE(off.later, (std::vector<Operation>{DeleteLink{u"sally-home"_s}, DeleteLink{u"sally-exit"_s}}));
    const auto clears = std::ranges::count_if(off.now, [](const Operation &operation) {
        const auto *change = std::get_if<ConfigureWireGuard>(&operation);
        return change && change->replacePeers && change->peers.empty();
    });
    QCOMPARE(clears, 2);
}

void PlannerTest::oneChangedPeerAmongThousandsIsOneChange()
{
    Configuration configuration = sample::configuration();
    for (int i = 0; i < 5000; ++i) {
        Device device;
        device.name = u"d%1"_s.arg(i);
        device.publicKey = sample::key(device.name);
        const std::array<quint8, 4> bytes = {10, 42, static_cast<quint8>(100 + i / 250), static_cast<quint8>(i % 250)};
        device.addresses = {Prefix::host(IpAddress::fromBytes(Family::IPv4, bytes))};
        configuration.home->devices.push_back(device);
    }
    const KnownSecrets secrets = sample::secrets(configuration);
    FakeKernel kernel;
    kernel.state.uplinks = sample::hotel();
    const Intent home{true, false, {}, false};
    QVERIFY(runAll(plan(desiredStateOf(configuration, home, {sample::hotel(), {}}, secrets), kernel.state), kernel));
    configuration.home->devices.back().persistentKeepalive = 25;
    const Plan change = plan(desiredStateOf(configuration, home, {sample::hotel(), {}}, secrets), kernel.state);
    QCOMPARE(change.now.size(), std::size_t(1));
    QCOMPARE(std::get<ConfigureWireGuard>(change.now.front()).peers.size(), std::size_t(1));
}

void PlannerTest::thePresentEndpointIsLeftAloneWhileItWorks()
{
    FakeKernel kernel;
    const Wish wish{{true, false, {}, false}, sample::hotel()};
    reach(wish, kernel);
    // The nas answered from somewhere that no configuration knows, a moment ago.
    auto &peers = kernel.link(u"sally-home"_s)->peers;
    const auto nas = std::ranges::find_if(
        peers, [](const ObservedPeer &peer) { return peer.peer.publicKey == sample::key(u"nas"_s); });
    nas->peer.endpoint = *Endpoint::parse(u"203.0.113.9:4711");
    nas->activity.handshakeAge = std::chrono::seconds(5);
    QVERIFY(planFor(wish, kernel).isEmpty());
    nas->activity.handshakeAge = std::chrono::seconds(500);
    const Plan moved = planFor(wish, kernel);
    QCOMPARE(moved.now.size(), std::size_t(1));
    QCOMPARE(std::get<ConfigureWireGuard>(moved.now.front()).peers.front().endpoint,
        std::optional(*Endpoint::parse(u"123.45.67.89:54445")));
}

void PlannerTest::aForeignLinkOfOurNameIsNeverTouched()
{
    FakeKernel kernel;
    kernel.state.links.push_back({u"sally-home"_s, false, Backend::Kernel, true, 1500, {}, {}, 0, 0, {}});
    const auto before = kernel.state.links;
    const auto refused = runAll(planFor({{true, false, {}, false}, sample::hotel()}, kernel), kernel);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::NameTaken);
    reach({{}, sample::hotel()}, kernel);
    QCOMPARE(kernel.state.links, before);
    QVERIFY(kernel.state.rules.empty());
}

namespace {

ObservedPeer &peerOf(FakeKernel &kernel, const QString &device)
{
    auto &peers = kernel.link(u"sally-home"_s)->peers;
    return *std::ranges::find_if(
        peers, [&](const ObservedPeer &peer) { return peer.peer.publicKey == sample::key(device); });
}

std::optional<Endpoint> endpoint(const char *text)
{
    return *Endpoint::parse(QString::fromLatin1(text));
}

} // namespace

void PlannerTest::aWorkingEndpointIsKeptThoughAnotherIsPreferred()
{
    FakeKernel kernel;
    const Wish wish{{true, false, {}, false}, sample::hotel()};
    reach(wish, kernel);
    ObservedPeer &nas = peerOf(kernel, u"nas"_s);
    nas.activity.handshakeAge = std::chrono::seconds(5);
    nas.peer.endpoint = endpoint("123.45.67.89:54444"); // configured, though for another device; it answers
    QVERIFY(planFor(wish, kernel).isEmpty());
}

void PlannerTest::comingHomeMovesToTheLanAtOnceAndLeavingMovesAway()
{
    FakeKernel kernel;
    reach({{true, false, {}, false}, sample::hotel()}, kernel);
    peerOf(kernel, u"nas"_s).activity.handshakeAge = std::chrono::seconds(5);
    QCOMPARE(peerOf(kernel, u"nas"_s).peer.endpoint, endpoint("123.45.67.89:54445"));
    reach({{true, false, {}, false}, sample::homeLan()}, kernel);
    QCOMPARE(peerOf(kernel, u"nas"_s).peer.endpoint, endpoint("10.41.1.4:53333"));
    reach({{true, false, {}, false}, sample::hotel()}, kernel);
    QCOMPARE(peerOf(kernel, u"nas"_s).peer.endpoint, endpoint("123.45.67.89:54445"));
}

void PlannerTest::containersStayReachableWhateverTheExit()
{
    Configuration configuration = sample::configuration();
    configuration.policy.allowLan = false;
    FakeKernel kernel;
    const VirtualLink bridge{u"docker0"_s, {*Prefix::parse(u"172.17.0.0/16"), *Prefix::parse(u"203.0.113.0/24")}};
    const DesiredState desired = desiredStateOf(
        configuration, {false, true, u"se"_s, false}, {sample::hotel(), {bridge}}, sample::secrets(configuration));
    QVERIFY(!desired.missingExit);
    kernel.state.uplinks = sample::hotel();
    QVERIFY(runAll(plan(desired, kernel.state), kernel));
    QCOMPARE(kernel.route(address("172.17.0.2")), Fate::Uplink); // as in: by the main table
    QCOMPARE(kernel.route(address("203.0.113.2")), Fate::ExitTunnel); // public addresses are never an exception
    QCOMPARE(kernel.route(address("192.168.7.1")), Fate::ExitTunnel);
}

void PlannerTest::aSubnetGivesWayOnlyToTheNetworkWeStandOn()
{
    Configuration configuration = sample::configuration();
    configuration.home->devices[3].routes = {*Prefix::parse(u"10.0.0.0/8")};
    FakeKernel kernel;
    kernel.state.uplinks = sample::homeLan();
    const DesiredState desired = desiredStateOf(
        configuration, {true, false, {}, false}, {sample::homeLan(), {}}, sample::secrets(configuration));
    QVERIFY(!desired.missingHome);
    QVERIFY(runAll(plan(desired, kernel.state), kernel));
    QCOMPARE(kernel.route(address("10.41.1.9")), Fate::Uplink);
    QCOMPARE(kernel.route(address("10.99.1.9")), Fate::HomeTunnel);
}

namespace {

constexpr quint32 kCard = 2;

/// Of home, on a network that has the number of the one behind the nas, or of a part of it.
void standOn(const char *own, const char *gateway, const MeshWord &mesh, FakeKernel &kernel)
{
    const InterfaceAddress ours = *InterfaceAddress::parse(QString::fromLatin1(own));
    const std::vector<Uplink> uplinks{{u"eth0"_s, 1500, true, {ours}, kCard, {address(gateway)}}};
    const Configuration configuration = sample::configuration();
    kernel.state.uplinks = uplinks;
    const DesiredState desired = desiredStateOf(
        configuration, {true, false, {}, false}, {uplinks, {}, {}, mesh}, sample::secrets(configuration));
    QVERIFY(!desired.missingHome);
    QVERIFY(runAll(plan(desired, kernel.state), kernel));
}

} // namespace

void PlannerTest::whereTheDeviceIsNotProvedToBe_itsSubnetIsReachedThroughHome()
{
    for (const char *own : {"10.41.1.2/16", "10.41.1.2/24", "10.41.1.2/8"}) {
        FakeKernel kernel;
        standOn(own, "10.41.1.254", {true, {}}, kernel);
        QCOMPARE(kernel.route(address("10.41.1.4")), Fate::HomeTunnel);
        QCOMPARE(kernel.route(address("10.41.99.9")), Fate::HomeTunnel);
        QCOMPARE(kernel.route(address("10.41.1.254")), Fate::Uplink);
    }
    FakeKernel elsewhere; // a router that claims an address outside of the network it gave us opens nothing
    standOn("10.41.7.2/24", "10.41.1.4", {true, {}}, elsewhere);
    QCOMPARE(elsewhere.route(address("10.41.1.4")), Fate::HomeTunnel);
}

void PlannerTest::whereTheDeviceIsProvedToBe_itsSubnetGivesWay()
{
    const MeshWord proved{true, {{sample::key(u"nas"_s), kCard}}};
    for (const char *own : {"10.41.1.2/16", "10.41.1.2/8"}) {
        FakeKernel kernel;
        standOn(own, "10.41.1.254", proved, kernel);
        QCOMPARE(kernel.route(address("10.41.1.4")), Fate::Uplink);
        QCOMPARE(kernel.route(address("10.41.99.9")), Fate::Uplink);
        standOn(own, "10.41.1.254", {true, {}}, kernel); // the nas has left
        QCOMPARE(kernel.route(address("10.41.99.9")), Fate::HomeTunnel);
    }
    FakeKernel part;
    standOn("10.41.1.2/24", "10.41.1.254", proved, part);
    QCOMPARE(part.route(address("10.41.1.4")), Fate::Uplink);
    QCOMPARE(part.route(address("10.41.99.9")), Fate::HomeTunnel);
}

void PlannerTest::provedOnAnotherInterface_saysNothingOfThisOne()
{
    for (const MeshWord &word :
        {MeshWord{true, {{sample::key(u"nas"_s), kCard + 1}}}, MeshWord{true, {{sample::key(u"vps"_s), kCard}}}}) {
        FakeKernel kernel;
        standOn("10.41.1.2/16", "10.41.1.254", word, kernel);
        QCOMPARE(kernel.route(address("10.41.1.4")), Fate::HomeTunnel);
    }
}

void PlannerTest::whileMeshdChooses_onlyAMissingEndpointIsSet()
{
    const Configuration configuration = sample::configuration();
    FakeKernel kernel;
    reach({{true, true, u"se"_s, false}, sample::hotel()}, kernel);
    peerOf(kernel, u"nas"_s).peer.endpoint = endpoint("203.0.113.9:4711"); // silent since ever
    peerOf(kernel, u"desktop"_s).peer.endpoint.reset();
    kernel.link(u"sally-exit"_s)->peers.front().peer.endpoint = endpoint("203.0.113.9:4711");
    kernel.state.uplinks = sample::homeLan();
    const auto planWith = [&](const MeshWord &mesh) {
        return plan(desiredStateOf(configuration, {true, true, u"se"_s, false}, {sample::homeLan(), {}, {}, mesh},
                        sample::secrets(configuration)),
            kernel.state);
    };
    FakeKernel alone = kernel;
    QVERIFY(runAll(planWith({}), alone));
    QCOMPARE(peerOf(alone, u"nas"_s).peer.endpoint, endpoint("10.41.1.4:53333"));
    QVERIFY(runAll(planWith({true, {}}), kernel));
    QCOMPARE(peerOf(kernel, u"nas"_s).peer.endpoint, endpoint("203.0.113.9:4711"));
    QCOMPARE(peerOf(kernel, u"desktop"_s).peer.endpoint, endpoint("10.41.1.1:53333"));
    QCOMPARE(kernel.link(u"sally-exit"_s)->peers.front().peer.endpoint, endpoint("198.51.100.7:51820"));
}

void PlannerTest::whenTheGuardCloses_whatWaitsInTheKernelIsDroppedNext()
{
    const Operation drop = ForgetUnresolvedNeighbours{};
    FakeKernel kernel;
    QVERIFY(planFor({{true, false, {}, true}, sample::hotel()}, kernel).now.at(1) == drop);
    QVERIFY(planFor({{true, true, u"se"_s, false}, sample::hotel()}, kernel).now.at(1) == drop);
    reach({{true, true, u"se"_s, false}, sample::hotel()}, kernel); // from now on a handshake may wait
    QVERIFY(std::ranges::count(planFor({{true, true, u"se"_s, true}, sample::homeLan()}, kernel).now, drop) == 0);
}

void PlannerTest::smallNetworksCarryIPv4Only()
{
    std::vector<Uplink> small = sample::hotel();
    small.front().mtu = 1124;
    FakeKernel kernel;
    reach({{true, true, u"se"_s, false}, sample::hotel()}, kernel);
    const auto hasIPv6 = [&](const ObservedLink &link) {
        return std::ranges::any_of(
            link.addresses, [](const InterfaceAddress &own) { return own.address.family() == Family::IPv6; });
    };
    QVERIFY(std::ranges::all_of(kernel.state.links, hasIPv6));
    reach({{true, true, u"se"_s, false}, small}, kernel);
    for (const ObservedLink &link : kernel.state.links) {
        QCOMPARE(link.mtu, 1044U);
        QVERIFY(!hasIPv6(link));
    }
    QCOMPARE(kernel.route(address("203.0.113.80")), Fate::ExitTunnel);
    QCOMPARE(kernel.route(address("2001:db8:80::80")), Fate::Refused);
    QCOMPARE(kernel.route(address("fd42::4")), Fate::Refused);
    reach({{true, true, u"se"_s, false}, sample::hotel()}, kernel);
    QVERIFY(std::ranges::all_of(kernel.state.links, hasIPv6));
}

void PlannerTest::tunnelsFitThroughEveryUplink()
{
    const auto uplink = [](quint32 mtu, bool leadsSomewhere) { return Uplink{u"x"_s, mtu, leadsSomewhere, {}}; };
    const auto tunnelMtu = [](quint16 configured, std::vector<Uplink> uplinks) {
        return sallyport::tunnelMtu(configured, kHomeMark, {std::move(uplinks), {}, {}});
    };
    QCOMPARE(tunnelMtu(0, {}), 1420U);
    QCOMPARE(tunnelMtu(0, {uplink(1500, true), uplink(1492, true)}), 1412U); // the smallest of them, never the largest
    QCOMPARE(tunnelMtu(0, {uplink(1500, true), uplink(1280, false)}), 1420U);
    QCOMPARE(tunnelMtu(0, {uplink(9000, true)}), 1420U);
    QCOMPARE(tunnelMtu(0, {uplink(1360, true)}), 1280U);
    QCOMPARE(tunnelMtu(0, {uplink(300, true)}), 576U);
    QCOMPARE(tunnelMtu(1380, {uplink(1280, true)}), 1380U);
}

void PlannerTest::tunnelsFitThroughTheirOwnWays()
{
    const auto path = [](quint32 mark, quint32 mtu) { return UnderlayPath{mark, address("98.76.65.43"), mtu}; };
    Surroundings around{sample::hotel(), {}, {path(kHomeMark, 1420), path(kHomeMark, 1390), path(kExitMark, 1492)}};
    QCOMPARE(tunnelMtu(0, kHomeMark, around), 1310U);
    QCOMPARE(tunnelMtu(0, kExitMark, around), 1412U);
    QCOMPARE(tunnelMtu(1337, kExitMark, around), 1337U);
    around.uplinks.front().mtu = 1380;
    QCOMPARE(tunnelMtu(0, kHomeMark, around), 1300U);
}

QTEST_GUILESS_MAIN(PlannerTest)
#include "planner_test.moc"
