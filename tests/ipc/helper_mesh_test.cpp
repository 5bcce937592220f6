// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/meshlink/codec.h"
#include "core/probe/pair_key.h"
#include "helper/handle.h"
#include "tests/ipc/configured_world.h"

#include <QFile>
#include <QTest>
#include <QXmlStreamReader>

#include <algorithm>
#include <fcntl.h>
#include <sys/socket.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

/// The other end of the socket pair: what the helper says, and something to say to it.
class FakeMeshd {
public:
    explicit FakeMeshd(const QDBusMessage &reply)
    {
        const auto given = reply.arguments().value(0).value<QDBusUnixFileDescriptor>();
        m_end = FileHandle(given.isValid() ? fcntl(given.fileDescriptor(), F_DUPFD_CLOEXEC, 0) : -1);
    }

    bool isIn() const { return bool(m_end); }
    void say(const meshlink::ToHelper &message) const { sayBytes(meshlink::encode(message)); }
    void sayBytes(const QByteArray &bytes) const
    {
        (void)::send(m_end.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL);
    }

    /// True: nobody is at the other end any more.
    bool isLetGoOf()
    {
        return QTest::qWaitFor([&] {
            listen();
            return m_isClosed;
        });
    }

    /// The next message of that kind; those before it are forgotten.
    template<class T>
    std::optional<T> next(int patience = 10000)
    {
        std::optional<T> found;
        (void)QTest::qWaitFor(
            [&] {
                listen();
                while (!found && !m_heard.empty()) {
                    if (const T *wanted = std::get_if<T>(&m_heard.front()))
                        found = *wanted;
                    m_heard.erase(m_heard.begin());
                }
                return found.has_value();
            },
            patience);
        return found;
    }

    bool staysSilent()
    {
        return !QTest::qWaitFor(
            [&] {
                listen();
                return !m_heard.empty() || m_isClosed;
            },
            500);
    }

private:
    void listen()
    {
        QByteArray buffer(static_cast<qsizetype>(meshlink::kLargestMessage), '\0');
        for (;;) {
            const ssize_t size
                = recv(m_end.get(), buffer.data(), static_cast<std::size_t>(buffer.size()), MSG_DONTWAIT);
            m_isClosed = m_isClosed || size == 0;
            if (size <= 0)
                return;
            const auto message = meshlink::decodeToMesh(
                {reinterpret_cast<const quint8 *>(buffer.constData()), static_cast<std::size_t>(size)});
            if (!message)
                qFatal("the helper says what is no message: %s", qPrintable(message.error().detail));
            m_heard.push_back(*message);
        }
    }

    FileHandle m_end;
    bool m_isClosed = false;
    std::vector<meshlink::ToMesh> m_heard;
};

SecretKey freshKey()
{
    return SecretKey::generatePrivate();
}

Endpoint at(const char *text)
{
    return *Endpoint::parse(QString::fromLatin1(text));
}

} // namespace

/// The door for meshd, and what is said through it.
class HelperMeshTest : public ConfiguredTest {
    Q_OBJECT

private:
    QDBusMessage knock(uid_t user)
    {
        Caller caller(m_world->helper.bus, user);
        const QDBusMessage call = QDBusMessage::createMethodCall(u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s,
            QString::fromLatin1(kHelperMeshInterface), u"AttachMesh"_s);
        return m_world->answerTo(caller.bus().asyncCall(call, 20000));
    }
    FakeMeshd enter() { return FakeMeshd(knock(kRoot)); }
    void home(bool on) { QCOMPARE(m_world->setIntent({{u"home"_s, on}}).errorMessage(), QString()); }
    /// A home whose private key is known, with one device.
    void useKeys(const SecretKey &own, const PublicKey &nas);
    QByteArray rawSockets() const
    {
        return m_world->helper.inside({u"cat"_s, u"/proc/net/raw"_s, u"/proc/net/raw6"_s});
    }
    QByteArray endpoints() const
    {
        return m_world->helper.inside({u"wg"_s, u"show"_s, u"sally-home"_s, u"endpoints"_s});
    }
    PublicKey nasKey()
    {
        const QVariantList devices = m_world->configuration[u"home"_s].toMap()[u"devices"_s].toList();
        return *PublicKey::parse(devices[0].toMap()[u"publicKey"_s].toString());
    }

private Q_SLOTS:
    void onlyMeshdAndRoot_areLetIn();
    void interface_isTheOneInTheContract();
    void home_isToldWholeAndOnlyWhenItChanges();
    void onlyTheExitsDevice_isToldWhileHomeIsOff();
    void socketsForProbes_areOpenWhileSomebodyListensAndHomeIsOn();
    void secondMeshd_takesThePlaceOfTheFirst();
    void garbageOrFlood_endsMeshdAndNothingElse();
    void meshdThatHangs_holdsUpNobody();
    void stats_areThoseOfThePeers();
    void moves_areForPeersOfHomeOnly();
    void meshdThatEnds_leavesTheTunnelAlone();
};

void HelperMeshTest::useKeys(const SecretKey &own, const PublicKey &nas)
{
    QVariantMap home = m_world->configuration[u"home"_s].toMap();
    QVariantList devices = home[u"devices"_s].toList();
    QVariantMap device = devices[0].toMap();
    device[u"publicKey"_s] = nas.toBase64();
    device[u"routes"_s] = QVariantList{u"10.41.0.0/16"_s};
    devices[0] = device;
    home[u"devices"_s] = devices;
    m_world->configuration[u"home"_s] = home;
    m_world->answerTo(HelperWorld::provide(m_world->caller, u"home"_s, own));
    QCOMPARE(m_world->configure(m_world->configuration).errorMessage(), QString());
}

void HelperMeshTest::onlyMeshdAndRoot_areLetIn()
{
    const QDBusMessage refused = knock(kSomebodyElse);
    QCOMPARE(refused.errorName(), u"org.sallyport.Error.NotAuthorized"_s);
    QCOMPARE(faultOfSentence(refused.errorMessage()), QString());
    QVERIFY(FakeMeshd(knock(kRoot)).isIn());
    QVERIFY(FakeMeshd(knock(kSomebody)).isIn()); // the user that HelperWorld names
}

void HelperMeshTest::interface_isTheOneInTheContract()
{
    const auto methodsIn = [](const QByteArray &xml) {
        QStringList found;
        QXmlStreamReader reader(xml);
        bool isInside = false;
        while (!reader.atEnd()) {
            reader.readNext();
            const auto attributes = reader.attributes();
            if (reader.isStartElement() && reader.name() == u"interface")
                isInside = attributes.value(u"name"_s) == QLatin1StringView(kHelperMeshInterface);
            else if (reader.isStartElement() && isInside)
                found += QStringList{attributes.value(u"name"_s).toString(), attributes.value(u"type"_s).toString(),
                    attributes.value(u"direction"_s).toString()}
                             .join(u' ');
        }
        return found;
    };
    QFile contract(QStringLiteral(SOURCE_DIR "/resources/dbus/org.sallyport.HelperMesh1.xml"));
    QVERIFY(contract.open(QIODevice::ReadOnly));
    const QDBusMessage call = QDBusMessage::createMethodCall(u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s,
        u"org.freedesktop.DBus.Introspectable"_s, u"Introspect"_s);
    const QDBusMessage reply = m_world->answerTo(m_world->caller.bus().asyncCall(call, 20000));
    const QStringList offered = methodsIn(reply.arguments().value(0).toString().toUtf8());
    QCOMPARE(offered, methodsIn(contract.readAll()));
    QCOMPARE(offered.size(), 2);
}

void HelperMeshTest::home_isToldWholeAndOnlyWhenItChanges()
{
    const SecretKey own = freshKey();
    const SecretKey nas = freshKey();
    useKeys(own, nas.publicKey());
    FakeMeshd meshd = enter();
    QVERIFY(meshd.next<meshlink::HomeGone>());
    home(true);
    const auto setup = meshd.next<meshlink::HomeSetup>();
    QVERIFY(setup);
    QCOMPARE(setup->own, own.publicKey());
    QCOMPARE(setup->listenPort, quint16(53333));
    QCOMPARE(setup->peerCount, 1u);
    QCOMPARE(setup->addresses, std::vector{*InterfaceAddress::parse(u"10.42.1.2/16")});
    const QByteArray link = m_world->helper.inside({u"ip"_s, u"-o"_s, u"link"_s, u"show"_s, u"sally-home"_s});
    QCOMPARE(QByteArray::number(setup->interfaceIndex), link.left(link.indexOf(':')));
    const auto peer = meshd.next<meshlink::PeerSetup>();
    QVERIFY(peer);
    QCOMPARE(peer->generation, setup->generation);
    QCOMPARE(peer->peer.publicKey, nas.publicKey());
    QCOMPARE(peer->peer.routes, std::vector{*Prefix::parse(u"10.41.0.0/16")});
    QCOMPARE(peer->peer.places.size(), std::size_t(1));
    // What the nas itself would derive.
    const auto key = pairKeyOf(nas, own.publicKey());
    QVERIFY(key);
    QVERIFY(std::ranges::equal(peer->pairKey, key->bytes()));

    QCOMPARE(m_world->setIntent({{u"exit"_s, true}}).errorMessage(), QString());
    m_world->rawSnapshot();
    QVERIFY2(meshd.staysSilent(), "nothing of home has changed");
    QVariantMap changed = m_world->configuration;
    QVariantMap otherPort = changed[u"home"_s].toMap();
    otherPort[u"listenPort"_s] = 53334;
    changed[u"home"_s] = otherPort;
    QCOMPARE(m_world->configure(changed).errorMessage(), QString());
    const auto again = meshd.next<meshlink::HomeSetup>();
    QVERIFY(again);
    QCOMPARE(again->listenPort, quint16(53334));
    QVERIFY(again->generation > setup->generation);
    QVERIFY(meshd.next<meshlink::PeerSetup>());
    home(false);
    QVERIFY(meshd.next<meshlink::HomeGone>());
    QVERIFY(meshd.staysSilent());
}

void HelperMeshTest::onlyTheExitsDevice_isToldWhileHomeIsOff()
{
    QVariantMap changed = m_world->configuration;
    changed[u"exits"_s] = QVariantList{QVariantMap{{u"name"_s, u"by-nas"_s}, {u"device"_s, u"nas"_s}}};
    QCOMPARE(m_world->configure(changed).errorMessage(), QString());
    FakeMeshd meshd = enter();
    QCOMPARE(m_world->setIntent({{u"exit"_s, true}, {u"exitName"_s, u"by-nas"_s}}).errorMessage(), QString());
    const auto setup = meshd.next<meshlink::HomeSetup>();
    QVERIFY(setup);
    QCOMPARE(setup->peerCount, 1u);
    QCOMPARE(m_world->setIntent({{u"exit"_s, false}}).errorMessage(), QString());
    QVERIFY(meshd.next<meshlink::HomeGone>());
}

void HelperMeshTest::socketsForProbes_areOpenWhileSomebodyListensAndHomeIsOn()
{
    const QByteArray none = rawSockets();
    home(true);
    QCOMPARE(rawSockets(), none);
    {
        FakeMeshd meshd = enter();
        QVERIFY(meshd.next<meshlink::HomeSetup>());
        QCOMPARE(rawSockets().count('\n'), none.count('\n') + 3); // one sends IPv4 only
        home(false);
        QCOMPARE(rawSockets(), none);
        home(true);
        QVERIFY(rawSockets() != none);
    }
    QTRY_COMPARE(rawSockets(), none);
}

void HelperMeshTest::secondMeshd_takesThePlaceOfTheFirst()
{
    home(true);
    FakeMeshd first = enter();
    QVERIFY(first.next<meshlink::PeerSetup>());
    FakeMeshd second = enter();
    QVERIFY(first.isLetGoOf());
    QVERIFY(second.next<meshlink::PeerSetup>());
    QVERIFY(second.staysSilent());
}

void HelperMeshTest::garbageOrFlood_endsMeshdAndNothingElse()
{
    home(true);
    const QByteArray before = m_world->helper.system();
    const qsizetype logged = m_world->helper.log().count("let go of");
    {
        FakeMeshd meshd = enter();
        meshd.sayBytes("GET / HTTP/1.1\r\n\r\n");
        QVERIFY(meshd.isLetGoOf());
    }
    FakeMeshd meshd = enter();
    const meshlink::SendProbe probe{at("192.0.2.4:53333"), 0, QByteArray(128, 'x')};
    for (int i = 0; i < 20000; ++i)
        meshd.say(probe);
    for (int i = 0; i < 500 && m_world->helper.log().count("let go of") < logged + 2; ++i) {
        for (int j = 0; j < 200; ++j)
            meshd.say(probe);
        QTest::qWait(1);
    }
    QVERIFY(meshd.isLetGoOf());
    QCOMPARE(m_world->helper.log().count("let go of"), logged + 2);
    QVERIFY(m_world->helper.runs());
    QCOMPARE(m_world->helper.system(), before);
    QVERIFY(enter().next<meshlink::HomeSetup>());
}

void HelperMeshTest::meshdThatHangs_holdsUpNobody()
{
    home(true);
    const FakeMeshd hangs = enter(); // never reads
    for (quint32 i = 0; i < 300; ++i) {
        hangs.say(meshlink::ReadStats{i});
        if (i % 10 == 9)
            QTest::qWait(10);
    }
    for (int i = 0; i < 5; ++i) {
        home(false);
        home(true);
    }
    QVERIFY(!m_world->rawSnapshot().isEmpty());
}

void HelperMeshTest::stats_areThoseOfThePeers()
{
    home(true);
    FakeMeshd meshd = enter();
    meshd.say(meshlink::ReadStats{77});
    const auto stats = meshd.next<meshlink::Stats>();
    QVERIFY(stats);
    QCOMPARE(stats->request, 77u);
    QVERIFY(stats->isLast);
    QCOMPARE(stats->peers.size(), std::size_t(1));
    QCOMPARE(stats->peers.front().publicKey, nasKey());
    QCOMPARE(stats->peers.front().endpoint, std::optional(at("192.0.2.4:53333")));
    QVERIFY(!stats->peers.front().handshakeAge);
}

void HelperMeshTest::moves_areForPeersOfHomeOnly()
{
    home(true);
    FakeMeshd meshd = enter();
    QVERIFY(meshd.next<meshlink::PeerSetup>());
    const QByteArray before = m_world->helper.system();
    meshd.say(meshlink::MoveEndpoint{1, freshKey().publicKey(), at("192.0.2.5:53333"), {}});
    auto moved = meshd.next<meshlink::Moved>();
    QVERIFY(moved);
    QCOMPARE(moved->outcome, MoveOutcome::Refused);
    meshd.say(meshlink::TryEndpoint{2, freshKey().publicKey(), at("192.0.2.5:53333"), std::chrono::milliseconds(100)});
    const auto tried = meshd.next<meshlink::Tried>();
    QVERIFY(tried);
    QVERIFY(!tried->hasAnswered);
    QCOMPARE(m_world->helper.system(), before);
    meshd.say(meshlink::MoveEndpoint{3, nasKey(), at("192.0.2.5:53333"), {}});
    moved = meshd.next<meshlink::Moved>();
    QVERIFY(moved);
    QCOMPARE(moved->request, 3u);
    QCOMPARE(moved->outcome, MoveOutcome::Held);
    QVERIFY(endpoints().contains("192.0.2.5:53333"));
}

void HelperMeshTest::meshdThatEnds_leavesTheTunnelAlone()
{
    home(true);
    QByteArray before;
    {
        FakeMeshd meshd = enter();
        QVERIFY(meshd.next<meshlink::PeerSetup>());
        before = m_world->helper.system();
    }
    QTest::qWait(500);
    QCOMPARE(m_world->helper.system(), before);
    QVERIFY(m_world->helper.runs());
}

QTEST_GUILESS_MAIN(HelperMeshTest)
#include "helper_mesh_test.moc"
