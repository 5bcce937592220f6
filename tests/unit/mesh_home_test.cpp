// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "helper/probe/mesh_home.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;
using probe::meshHome;

namespace {

ObservedState listening()
{
    ObservedLink link;
    link.name = QLatin1StringView(kHomeLink);
    link.ours = true;
    link.up = true;
    link.publicKey = sample::key(u"home"_s);
    link.listenPort = 53333;
    link.index = 17;
    ObservedState state;
    state.links = {link};
    return state;
}

const Intent kHome{true, false, {}, false};

} // namespace

class MeshHomeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everythingThatMattersForPaths_isInIt()
    {
        const auto home = meshHome(m_configuration, kHome, listening());
        QVERIFY(home);
        QCOMPARE(home->setup.own, sample::key(u"home"_s));
        QCOMPARE(home->setup.listenPort, quint16(53333));
        QCOMPARE(home->setup.interfaceIndex, 17u);
        QCOMPARE(home->setup.peerCount, 3u);
        QCOMPARE(home->setup.addresses, m_configuration.home->addresses);
        QCOMPARE(home->peers.size(), std::size_t(3)); // not the laptop itself
        QVERIFY(std::ranges::is_sorted(home->peers, {}, &PathPeer::publicKey));
        const auto nas = std::ranges::find(home->peers, sample::key(u"nas"_s), &PathPeer::publicKey);
        QVERIFY(nas != home->peers.end());
        const Device &device = m_configuration.home->devices[3];
        QCOMPARE(nas->routes, device.routes);
        QCOMPARE(nas->allowedIps.size(), std::size_t(3));
        for (const Prefix &inside : {device.addresses[0], device.addresses[1], device.routes[0]})
            QVERIFY(std::ranges::count(nas->allowedIps, inside) == 1);
        QCOMPARE(nas->places.size(), std::size_t(2));
        QCOMPARE(nas->places[0].scope, EndpointScope::Lan);
        QCOMPARE(nas->places[1].endpoint.toString(), u"123.45.67.89:54445"_s);
    }

    void whatAPersonSaidOfAWay_isOfItsDevice()
    {
        const HostEndpoint lan = *HostEndpoint::parse(u"10.41.1.4:53333");
        Intent intent = kHome;
        intent.paths = {{u"nas"_s, lan, Preference::Pin}};
        const auto home = meshHome(m_configuration, intent, listening());
        QVERIFY(home);
        for (const PathPeer &peer : home->peers) {
            if (peer.publicKey == sample::key(u"nas"_s))
                QCOMPARE(peer.preferences, (std::vector<std::pair<HostEndpoint, Preference>>{{lan, Preference::Pin}}));
            else
                QVERIFY(peer.preferences.empty());
        }
        QVERIFY(home != meshHome(m_configuration, kHome, listening()));
    }

    void exitOfADevice_putsNothingElseInsideTheTunnel()
    {
        const auto home = meshHome(m_configuration, {true, true, u"nas"_s, false}, listening());
        QVERIFY(home);
        for (const PathPeer &peer : home->peers) {
            for (const Prefix &inside : peer.allowedIps)
                QVERIFY(inside.length() > 0); // else no candidate would be left
        }
    }

    void whileHomeIsOff_onlyTheExitsDeviceIsAPeer()
    {
        QVERIFY(!meshHome(m_configuration, {}, listening()));
        QVERIFY(!meshHome(m_configuration, {false, true, u"se"_s, false}, listening()));
        const auto home = meshHome(m_configuration, {false, true, u"nas"_s, false}, listening());
        QVERIFY(home);
        QCOMPARE(home->peers.size(), std::size_t(1));
        QCOMPARE(home->peers.front().publicKey, sample::key(u"nas"_s));
    }

    void whileNobodyListens_thereIsNoHome()
    {
        for (const auto &spoil :
            std::vector<std::function<void(ObservedState &)>>{[](ObservedState &state) { state.links.clear(); },
                [](ObservedState &state) { state.links.front().ours = false; },
                [](ObservedState &state) { state.links.front().up = false; },
                [](ObservedState &state) { state.links.front().listenPort = 0; }}) {
            ObservedState state = listening();
            spoil(state);
            QVERIFY(!meshHome(m_configuration, kHome, state));
        }
        QVERIFY(!meshHome({}, kHome, listening()));
    }

    void whatIsTheSame_comparesEqual()
    {
        ObservedState later = listening();
        later.links.front().peers.resize(3);
        later.uplinks = sample::hotel();
        QCOMPARE(meshHome(m_configuration, kHome, later), meshHome(m_configuration, kHome, listening()));
        later.links.front().listenPort = 4711;
        QVERIFY(meshHome(m_configuration, kHome, later) != meshHome(m_configuration, kHome, listening()));
    }

private:
    const Configuration m_configuration = sample::configuration();
};

QTEST_GUILESS_MAIN(MeshHomeTest)
#include "mesh_home_test.moc"
