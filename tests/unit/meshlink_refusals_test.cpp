// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "tests/support/random_paths.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::meshlink;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

std::span<const quint8> view(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

PublicKey key()
{
    PublicKey value;
    value.bytes.fill(7);
    return value;
}

Endpoint endpoint(QStringView text, quint32 scope = 0)
{
    Endpoint value = *Endpoint::parse(text);
    value.scopeId = scope;
    return value;
}

Endpoint somewhere()
{
    return endpoint(u"192.0.2.1:51820");
}

QByteArray payload(qsizetype size)
{
    return QByteArray(size, 'x');
}

HomeSetup homeSetup()
{
    return {1, key(), 51820, 3, 1, {*InterfaceAddress::parse(u"10.42.1.2/16")}};
}

PeerSetup peerSetup()
{
    const HostEndpoint host{u"nas.example"_s, 51820};
    return {1,
        {key(), {*Prefix::parse(u"10.42.1.4/32")}, {*Prefix::parse(u"10.41.0.0/16")},
            {{host, EndpointScope::Any, {*IpAddress::parse(u"192.0.2.4")}}}, {{host, Preference::Prefer}}},
        {}};
}

ProbeArrived probeArrived()
{
    return {somewhere(), *IpAddress::parse(u"192.0.2.2"), 3, payload(128)};
}

Stats stats()
{
    return {1, true, {{key(), somewhere(), 1, 2, std::chrono::seconds(3)}}};
}

SendProbe sendProbe()
{
    return {somewhere(), 3, payload(128)};
}

MoveEndpoint moveEndpoint()
{
    return {1, key(), somewhere(), std::chrono::milliseconds(20)};
}

TryEndpoint tryEndpoint()
{
    return {1, key(), somewhere(), std::chrono::milliseconds(200)};
}

void startTable()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("place");
}

void add(const char *place, const QByteArray &what, const QByteArray &bytes)
{
    QTest::newRow((place + (" " + what)).constData()) << bytes << QString::fromLatin1(place);
}

/// A message that is right but for what `spoil` does to it.
template<class Message, class Spoil>
void addSpoilt(const char *place, const QByteArray &what, Message message, Spoil spoil)
{
    spoil(message);
    add(place, what, encode(message));
}

/// Bytes that no value of ours gives: `at` is counted by hand from the layout.
template<class Message>
void addPatched(const char *place, const Message &message, qsizetype at, int value)
{
    QByteArray bytes = encode(message);
    bytes[at] = static_cast<char>(value);
    add(place, "byte " + QByteArray::number(at) + " is " + QByteArray::number(value), bytes);
}

/// Where nothing is ever sent.
std::vector<std::pair<QByteArray, Endpoint>> badTargets()
{
    return {{"0.0.0.0", endpoint(u"0.0.0.0:1")}, {"::", endpoint(u"[::]:1")}, {"multicast", endpoint(u"224.0.0.1:1")},
        {"IPv6 multicast", endpoint(u"[ff02::1]:1", 2)}, {"loopback", endpoint(u"127.0.0.1:1")},
        {"IPv6 loopback", endpoint(u"[::1]:1")}, {"broadcast", endpoint(u"255.255.255.255:1")},
        {"link-local without scope", endpoint(u"[fe80::1]:1")},
        {"scope of a global one", endpoint(u"[2001:db8::1]:1", 2)}, {"scope of IPv4", endpoint(u"192.0.2.1:1", 2)}};
}

/// Where nothing ever comes from.
std::vector<std::pair<QByteArray, Endpoint>> badPlaces()
{
    return {{"0.0.0.0", endpoint(u"0.0.0.0:1")}, {"::", endpoint(u"[::]:1")}, {"multicast", endpoint(u"239.1.2.3:1")},
        {"scope of a global one", endpoint(u"[2001:db8::1]:1", 2)}};
}

template<class Message>
void addTargets(const char *name, const Message &message)
{
    const QByteArray to = name + QByteArray(".to");
    for (const auto &[what, target] : badTargets())
        addSpoilt((to + ".address").constData(), what, message, [&](Message &spoilt) { spoilt.to = target; });
    addSpoilt((to + ".port").constData(), "0", message, [](Message &spoilt) { spoilt.to.port = 0; });
    addSpoilt((to + ".scopeId").constData(), "2^31", message,
        [](Message &spoilt) { spoilt.to = endpoint(u"[fe80::1]:1", 0x80000000); });
}

template<class Message>
void addIndexes(const char *place, const Message &message, quint32 Message::*index, std::vector<quint32> values)
{
    for (const quint32 value : values)
        addSpoilt(place, QByteArray::number(value), message, [&](Message &spoilt) { spoilt.*index = value; });
}

template<class Message>
void addPayloads(const char *place, const Message &message)
{
    for (const int size : {0, 127, 1453, 60000})
        addSpoilt(place, QByteArray::number(size), message, [&](Message &spoilt) { spoilt.payload = payload(size); });
}

} // namespace

class MeshlinkRefusalsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theSamplesAreRight();
    void meshdHearsNothingOutOfBounds_data();
    void meshdHearsNothingOutOfBounds();
    void theHelperDoesNothingOutOfBounds_data();
    void theHelperDoesNothingOutOfBounds();
    void hostNamesAreThoseOfAConfiguration_data();
    void hostNamesAreThoseOfAConfiguration();
    void listsAreBounded_data();
    void listsAreBounded();

private:
    static void homeRows();
    static void peerRows();
    static void reportRows();
};

void MeshlinkRefusalsTest::theSamplesAreRight()
{
    for (const ToMesh &message : {ToMesh(homeSetup()), ToMesh(peerSetup()), ToMesh(probeArrived()), ToMesh(stats())})
        QVERIFY(decodeToMesh(view(encode(message))));
    for (const ToHelper &message : {ToHelper(sendProbe()), ToHelper(moveEndpoint()), ToHelper(tryEndpoint())})
        QVERIFY(decodeToHelper(view(encode(message))));
    SendProbe near = sendProbe();
    near.to = endpoint(u"[fe80::1]:1", 2);
    QVERIFY(decodeToHelper(view(encode(near))));
}

void MeshlinkRefusalsTest::homeRows()
{
    addSpoilt("homeSetup.own", "0", homeSetup(), [](HomeSetup &home) { home.own = {}; });
    addSpoilt("homeSetup.listenPort", "0", homeSetup(), [](HomeSetup &home) { home.listenPort = 0; });
    addIndexes("homeSetup.interfaceIndex", homeSetup(), &HomeSetup::interfaceIndex, {0, 0x80000000});
    addIndexes("homeSetup.peerCount", homeSetup(), &HomeSetup::peerCount, {10001, 0xffffffff});
    for (const int family : {0, 5, 255})
        addPatched("homeSetup.addresses[0].address", homeSetup(), 54, family);
    addPatched("homeSetup.addresses[0].address", homeSetup(), 70, 1); // behind the four bytes of IPv4
    addPatched("homeSetup.addresses[0].length", homeSetup(), 71, 33);
}

void MeshlinkRefusalsTest::peerRows()
{
    addSpoilt("peerSetup.peer.publicKey", "0", peerSetup(), [](PeerSetup &setup) { setup.peer.publicKey = {}; });
    addPatched("peerSetup.peer.allowedIps[0].length", peerSetup(), 61, 33);
    addPatched("peerSetup.peer.allowedIps[0].address", peerSetup(), 61, 8); // 10.42.1.4/8 has host bits
    addPatched("peerSetup.peer.routes[0].address", peerSetup(), 68, 1); // 10.41.0.1/16
    addPatched("peerSetup.peer.places[0].endpoint.host", peerSetup(), 84, 0); // no letters at all
    addPatched("peerSetup.peer.places[0].scope", peerSetup(), 98, 3);
    addPatched("peerSetup.peer.places[0].resolved[0]", peerSetup(), 101, 7);
    addSpoilt("peerSetup.peer.places[0].endpoint.port", "0", peerSetup(),
        [](PeerSetup &setup) { setup.peer.places[0].endpoint.port = 0; });
    addSpoilt("peerSetup.peer.preferences[0].endpoint.port", "0", peerSetup(),
        [](PeerSetup &setup) { setup.peer.preferences[0].first.port = 0; });
    addSpoilt("peerSetup.peer.preferences[0].use", "4", peerSetup(),
        [](PeerSetup &setup) { setup.peer.preferences[0].second = static_cast<Preference>(4); });
}

void MeshlinkRefusalsTest::reportRows()
{
    for (const auto &[what, place] : badPlaces())
        addSpoilt(
            "probeArrived.source.address", what, probeArrived(), [&](ProbeArrived &heard) { heard.source = place; });
    addSpoilt("probeArrived.source.port", "0", probeArrived(), [](ProbeArrived &heard) { heard.source.port = 0; });
    addPatched("probeArrived.destination", probeArrived(), 25, 5);
    addIndexes("probeArrived.interfaceIndex", probeArrived(), &ProbeArrived::interfaceIndex, {0, 0x80000000});
    addPayloads("probeArrived.payload", probeArrived());
    addPatched("stats.isLast", stats(), 6, 2);
    addSpoilt("stats.peers[0].publicKey", "0", stats(), [](Stats &message) { message.peers[0].publicKey = {}; });
    addPatched("stats.peers[0].endpoint", stats(), 41, 2);
    addPatched("stats.peers[0].endpoint.address", stats(), 43, 224); // multicast
    addPatched("stats.peers[0].handshakeAge", stats(), 81, 2);
    addPatched("moved.outcome", Moved{1, MoveOutcome::Held, somewhere()}, 6, 3);
    addPatched("moved.now", Moved{1, MoveOutcome::Held, somewhere()}, 7, 2);
    addPatched("tried.hasAnswered", Tried{1, true, somewhere()}, 6, 2);
    addPatched("tried.now", Tried{1, true, somewhere()}, 7, 255);
}

void MeshlinkRefusalsTest::meshdHearsNothingOutOfBounds_data()
{
    startTable();
    homeRows();
    peerRows();
    reportRows();
}

void MeshlinkRefusalsTest::meshdHearsNothingOutOfBounds()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, place);
    const auto heard = decodeToMesh(view(bytes));
    QVERIFY(!heard);
    QCOMPARE(heard.error().place, place);
}

void MeshlinkRefusalsTest::theHelperDoesNothingOutOfBounds_data()
{
    startTable();
    addTargets("sendProbe", sendProbe());
    addTargets("moveEndpoint", moveEndpoint());
    addTargets("tryEndpoint", tryEndpoint());
    addPatched("sendProbe.to.address", sendProbe(), 2, 5);
    addIndexes("sendProbe.interfaceIndex", sendProbe(), &SendProbe::interfaceIndex, {0x80000000, 0xffffffff});
    addPayloads("sendProbe.payload", sendProbe());
    addSpoilt("moveEndpoint.peer", "0", moveEndpoint(), [](MoveEndpoint &move) { move.peer = {}; });
    addSpoilt("moveEndpoint.roundTrip", "10 s and a bit", moveEndpoint(),
        [](MoveEndpoint &move) { move.roundTrip = std::chrono::microseconds(10'000'001); });
    addSpoilt("moveEndpoint.roundTrip", "hours", moveEndpoint(),
        [](MoveEndpoint &move) { move.roundTrip = std::chrono::hours(100); });
    addSpoilt("tryEndpoint.peer", "0", tryEndpoint(), [](TryEndpoint &attempt) { attempt.peer = {}; });
    for (const int window : {-1, 0, 251, 1'000'000})
        addSpoilt("tryEndpoint.window", QByteArray::number(window), tryEndpoint(),
            [&](TryEndpoint &attempt) { attempt.window = std::chrono::milliseconds(window); });
    add("onLink.peers[1].publicKey", "0", encode(OnLink{{{key(), 1}, {{}, 1}}}));
    add("onLink.peers[1].interfaceIndex", "0", encode(OnLink{{{key(), 1}, {key(), 0}}}));
    add("onLink.peers[0].interfaceIndex", "2^31", encode(OnLink{{{key(), 0x80000000}}}));
}

void MeshlinkRefusalsTest::theHelperDoesNothingOutOfBounds()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, place);
    const auto heard = decodeToHelper(view(bytes));
    QVERIFY(!heard);
    QCOMPARE(heard.error().place, place);
}

void MeshlinkRefusalsTest::hostNamesAreThoseOfAConfiguration_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<bool>("isTaken");
    const auto add
        = [](const QString &host, bool isTaken) { QTest::newRow(qPrintable(host.left(60))) << host << isTaken; };
    for (const QString &host :
        {u"nas"_s, u"a.b.example."_s, u"192.0.2.1"_s, u"2001:db8::1"_s, u"fe80::1"_s, u"NAS_1"_s})
        add(host, true);
    for (const QString &host : {u" nas"_s, u"a..b"_s, u"-a"_s, u"a b"_s, u"a:b"_s, u"1.2.3"_s, u"999.1.1.1"_s,
             u"n\u00e4s"_s, u"2001:DB8::1"_s, u"2001:db8:0::1"_s, u"[2001:db8::1]"_s, u"0.0.0.0"_s, u"::"_s,
             u"ff02::1"_s, u"224.0.0.1"_s, u"a\0b"_s, u"a/b"_s, QString(64, u'a'), QString(255, u'a')})
        add(host, false);
}

void MeshlinkRefusalsTest::hostNamesAreThoseOfAConfiguration()
{
    QFETCH(QString, host);
    QFETCH(bool, isTaken);
    PeerSetup setup = peerSetup();
    setup.peer.places[0].endpoint.host = host;
    const auto inPlace = decodeToMesh(view(encode(setup)));
    QCOMPARE(bool(inPlace), isTaken);
    setup = peerSetup();
    setup.peer.preferences[0].first.host = host;
    const auto preferred = decodeToMesh(view(encode(setup)));
    QCOMPARE(bool(preferred), isTaken);
    if (!isTaken) {
        QCOMPARE(inPlace.error().place, u"peerSetup.peer.places[0].endpoint.host"_s);
        QCOMPARE(preferred.error().place, u"peerSetup.peer.preferences[0].endpoint.host"_s);
    }
}

void MeshlinkRefusalsTest::listsAreBounded_data()
{
    startTable();
    const auto addTooMany = [](const char *place, auto message, auto &list, std::size_t most) {
        const auto first = list(message).front();
        list(message).assign(most + 1, first);
        add(place, "one too many", encode(message));
    };
    auto addresses = [](HomeSetup & home) -> auto &
    {
        return home.addresses;
    };
    auto allowedIps = [](PeerSetup & setup) -> auto &
    {
        return setup.peer.allowedIps;
    };
    auto routes = [](PeerSetup & setup) -> auto &
    {
        return setup.peer.routes;
    };
    auto places = [](PeerSetup & setup) -> auto &
    {
        return setup.peer.places;
    };
    auto resolved = [](PeerSetup & setup) -> auto &
    {
        return setup.peer.places[0].resolved;
    };
    auto preferences = [](PeerSetup & setup) -> auto &
    {
        return setup.peer.preferences;
    };
    auto peers = [](Stats & message) -> auto &
    {
        return message.peers;
    };
    auto onLink = [](OnLink & message) -> auto &
    {
        return message.peers;
    };
    addTooMany("homeSetup.addresses", homeSetup(), addresses, 64);
    addTooMany("peerSetup.peer.allowedIps", peerSetup(), allowedIps, 1100);
    addTooMany("peerSetup.peer.routes", peerSetup(), routes, 1100);
    addTooMany("peerSetup.peer.places", peerSetup(), places, 64);
    addTooMany("peerSetup.peer.places[0].resolved", peerSetup(), resolved, 64);
    addTooMany("peerSetup.peer.preferences", peerSetup(), preferences, 128);
    addTooMany("stats.peers", stats(), peers, 512);
    addTooMany("onLink.peers", OnLink{{{key(), 1}}}, onLink, 1024);
    add("onLink.peers", "a promise of 65535", encode(OnLink{}).first(2) + QByteArray("\xff\xff"));
}

void MeshlinkRefusalsTest::listsAreBounded()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, place);
    const bool isToMesh = static_cast<quint8>(bytes[1]) < 0x80;
    const Error error = isToMesh ? decodeToMesh(view(bytes)).error() : decodeToHelper(view(bytes)).error();
    QCOMPARE(error.place, place);
    QCOMPARE(error.code, Errc::LimitExceeded);
}

QTEST_GUILESS_MAIN(MeshlinkRefusalsTest)
#include "meshlink_refusals_test.moc"
