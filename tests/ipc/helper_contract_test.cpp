// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/ipc/unwrap.h"
#include "core/wire/snapshot_codec.h"
#include "tests/ipc/helper_world.h"

#include <QDBusError>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>
#include <QTest>

#include <fcntl.h>
#include <limits>
#include <memory>
#include <sys/mman.h>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr unsigned kAllSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;

QString ours(const char *name)
{
    return u"org.sallyport.Error."_s + QLatin1String(name);
}

QVariantMap with(QVariantMap map, const QString &key, const QVariant &value)
{
    map.insert(key, value);
    return map;
}

QVariantMap withInHome(const QString &key, const QVariant &value)
{
    const QVariantMap configuration = smallConfiguration();
    return with(configuration, u"home"_s, with(configuration.value(u"home"_s).toMap(), key, value));
}

QVariantMap withInDevice(const QString &key, const QVariant &value)
{
    const QVariantMap home = smallConfiguration().value(u"home"_s).toMap();
    const QVariantMap device = home.value(u"devices"_s).toList().constFirst().toMap();
    return withInHome(u"devices"_s, QVariantList{with(device, key, value)});
}

QVariantMap nested(int depth)
{
    QVariantMap map;
    for (int i = 0; i < depth; ++i)
        map = {{u"deeper"_s, map}};
    return map;
}

} // namespace

/// Hears the signal and the reply in the order in which they arrive.
class Listener : public QObject {
    Q_OBJECT

public:
    explicit Listener(Caller &caller)
    {
        caller.bus().connect(u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s, u"org.sallyport.Helper1"_s,
            u"SnapshotChanged"_s, this, SLOT(changed(QVariantMap)));
    }
    void follow(const QDBusPendingCall &call)
    {
        auto *watcher = new QDBusPendingCallWatcher(call, this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this] { heard += u"reply"_s; });
    }

    QStringList heard;
    QVariantMap last;

public Q_SLOTS:
    void changed(const QVariantMap &snapshot)
    {
        heard += u"signal"_s;
        last = snapshot;
    }
};

/// The real helper against the contract of docs/dbus.md, with callers that mean well and callers that do not.
class HelperContractTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<HelperWorld> m_world;
    std::unique_ptr<FakePolkit> m_polkit;
    QByteArray m_before;

    QDBusMessage replyTo(const QDBusPendingCall &call)
    {
        [&] { QTRY_VERIFY_WITH_TIMEOUT(call.isFinished(), 60000); }();
        return call.reply();
    }
    QVariantMap snapshot(Caller &caller)
    {
        const QDBusMessage reply = replyTo(HelperWorld::call(caller, u"GetSnapshot"_s));
        const auto plain = unwrap(qdbus_cast<QVariantMap>(reply.arguments().value(0)));
        return plain ? *plain : QVariantMap();
    }
    void provideAll(Caller &caller)
    {
        const SmallSecrets secrets;
        QCOMPARE(replyTo(HelperWorld::provide(caller, u"home"_s, secrets.home)).errorMessage(), QString());
        QCOMPARE(replyTo(HelperWorld::provide(caller, u"exit/provider"_s, secrets.exit)).errorMessage(), QString());
    }

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void everybodyMayLook();
    void unknownCalls();
    void badConfiguration_data();
    void badConfiguration();
    void badIntent_data();
    void badIntent();
    void badSecret_data();
    void badSecret();
    void pipeInsteadOfMemfd();
    void signalPrecedesReply();
    void unknownKeysAreIgnored();
    void refusedCaller_changesNothing();
    void inactiveCaller_mayNotConfigure();
    void callerThatLeaves_isForgotten();
    void switchWithoutConfiguration();
    void homeOnAndOff_andGone();
    void killedHelper_adoptsWhatIsThere();
    void tenThousandDevices();
};

void HelperContractTest::initTestCase()
{
    if (const QString obstacle = polkitDaemonObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
    qDBusRegisterMetaType<QMap<uint, QString>>();
}

void HelperContractTest::init()
{
    m_world = std::make_unique<HelperWorld>();
    if (qstrcmp(QTest::currentTestFunction(), "inactiveCaller_mayNotConfigure") != 0) {
        m_polkit = std::make_unique<FakePolkit>(m_world->bus.connectAs(kRoot));
        m_polkit->setReply(FakePolkit::Reply::Yes);
    }
    m_before = m_world->system();
}

void HelperContractTest::cleanup()
{
    if (m_world)
        QVERIFY2(m_world->runs(), "the helper has ended");
    m_polkit.reset();
    m_world.reset();
}

void HelperContractTest::everybodyMayLook()
{
    m_polkit->setReply(FakePolkit::Reply::No);
    Caller caller(m_world->bus, kSomebody);
    const Snapshot seen = decodeSnapshot(snapshot(caller));
    QVERIFY(!seen.home.configured);
    QCOMPARE(seen.helperVersion, QStringLiteral(SALLYPORT_VERSION));
    for (const QString &property : {u"Version"_s, u"ApiVersion"_s}) {
        QDBusMessage get = QDBusMessage::createMethodCall(
            u"org.sallyport.Helper"_s, u"/org/sallyport/Helper"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
        get << u"org.sallyport.Helper1"_s << property;
        const QDBusMessage reply = replyTo(caller.bus().asyncCall(get));
        QVERIFY2(reply.type() == QDBusMessage::ReplyMessage, qPrintable(reply.errorMessage()));
        const QVariant value = reply.arguments().constFirst().value<QDBusVariant>().variant();
        QCOMPARE(value, property == u"Version"_s ? QVariant(QStringLiteral(SALLYPORT_VERSION)) : QVariant(1u));
    }
    QCOMPARE(replyTo(HelperWorld::call(caller, u"Watch"_s, {true})).type(), QDBusMessage::ReplyMessage);
    QVERIFY(m_polkit->checks().empty());
}

void HelperContractTest::unknownCalls()
{
    Caller caller(m_world->bus, kSomebody);
    for (const auto &[method, arguments] : std::initializer_list<std::pair<QString, QVariantList>>{{u"Reboot"_s, {}},
             {u"Configure"_s, {}}, {u"Configure"_s, {u"everything"_s}},
             {u"SetIntent"_s, {QVariant::fromValue(QMap<uint, QString>{{1, u"x"_s}})}}, {u"Watch"_s, {u"yes"_s}},
             {u"ProvideSecret"_s, {u"home"_s, u"the key itself"_s}}, {u"configure"_s, {QVariantMap()}}}) {
        const QDBusMessage reply = replyTo(HelperWorld::call(caller, method, arguments));
        QVERIFY2(reply.errorName() == u"org.freedesktop.DBus.Error.UnknownMethod"_s
                || reply.errorName() == u"org.freedesktop.DBus.Error.InvalidArgs"_s
                || reply.errorName() == ours("InvalidArgument"),
            qPrintable(method + u": "_s + reply.errorName()));
    }
    QCOMPARE(m_world->system(), m_before);
}

void HelperContractTest::badConfiguration_data()
{
    QTest::addColumn<QVariantMap>("configuration");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("place");
    const QString invalid = ours("InvalidArgument");
    const QString limit = ours("LimitExceeded");
    const QString longText(1024 * 1024, u'a');
    QTest::newRow("home is a text") << with({}, u"home"_s, u"yes"_s) << invalid << u"home"_s;
    QTest::newRow("devices is a map") << withInHome(u"devices"_s, QVariantMap()) << invalid << u"home.devices"_s;
    QTest::newRow("devices of numbers") << withInHome(u"devices"_s, QVariantList{1, 2}) << invalid
                                        << u"home.devices[0]"_s;
    QTest::newRow("no device name") << withInDevice(u"name"_s, QString()) << invalid << u"home.devices[0].name"_s;
    QTest::newRow("name with slash") << withInDevice(u"name"_s, u"../nas"_s) << invalid << u"home.devices[0].name"_s;
    QTest::newRow("port NaN") << withInHome(u"listenPort"_s, std::numeric_limits<double>::quiet_NaN()) << invalid
                              << u"home.listenPort"_s;
    QTest::newRow("port infinite") << withInHome(u"listenPort"_s, std::numeric_limits<double>::infinity()) << invalid
                                   << u"home.listenPort"_s;
    QTest::newRow("port -1") << withInHome(u"listenPort"_s, -1) << invalid << u"home.listenPort"_s;
    QTest::newRow("port 0") << withInHome(u"listenPort"_s, 0) << invalid << u"home.listenPort"_s;
    QTest::newRow("port 65536") << withInHome(u"listenPort"_s, 65536) << invalid << u"home.listenPort"_s;
    QTest::newRow("port as text") << withInHome(u"listenPort"_s, u"53333"_s) << invalid << u"home.listenPort"_s;
    QTest::newRow("short key") << withInDevice(u"publicKey"_s, u"abcd"_s) << invalid << u"home.devices[0].publicKey"_s;
    QTest::newRow("1 MiB name") << withInHome(u"name"_s, longText) << limit << u"home.name"_s;
    QTest::newRow("1 MiB key") << with(smallConfiguration(), u"requires"_s, QVariantList{longText}) << limit
                               << u"requires[0]"_s;
    QTest::newRow("unknown requirement") << with(smallConfiguration(), u"requires"_s, QVariantList{u"teleport"_s})
                                         << ours("UnsupportedRequirement") << u"requires[0]"_s;
    QTest::newRow("too deep") << nested(18) << limit << u"deeper"_s;
    QTest::newRow("map with numbers for keys")
        << with({}, u"home"_s, QVariant::fromValue(QMap<uint, QString>{{1, u"x"_s}})) << invalid << u"home"_s;
    QTest::newRow("descriptor inside") << with({}, u"home"_s, QVariant::fromValue(memfdWith("x", 0))) << invalid
                                       << u"home"_s;
    QTest::newRow("10,001 devices") << withInHome(u"devices"_s, QVariantList(10001, QVariantMap())) << limit
                                    << u"home.devices"_s;
    QTest::newRow("route to everything") << withInDevice(u"routes"_s, QVariantList{u"0.0.0.0/0"_s}) << invalid
                                         << u"home.devices[0].routes"_s;
}

void HelperContractTest::badConfiguration()
{
    QFETCH(QVariantMap, configuration);
    QFETCH(QString, error);
    QFETCH(QString, place);
    Caller caller(m_world->bus, kSomebody);
    const QDBusMessage reply = replyTo(HelperWorld::configure(caller, configuration));
    QCOMPARE(reply.errorName(), error);
    QVERIFY2(reply.errorMessage().startsWith(place), qPrintable(reply.errorMessage().left(300)));
    QVERIFY2(reply.errorMessage().size() < 2000, "the error repeats what was sent");
    QVERIFY2(m_polkit->checks().empty(), "somebody was asked for a password for nothing");
    QCOMPARE(m_world->system(), m_before);
    QVERIFY(!decodeSnapshot(snapshot(caller)).home.configured);
}

void HelperContractTest::badIntent_data()
{
    QTest::addColumn<QVariantMap>("change");
    QTest::addColumn<QString>("error");
    QTest::newRow("home as text") << QVariantMap{{u"home"_s, u"on"_s}} << ours("InvalidArgument");
    QTest::newRow("half bad") << QVariantMap{{u"home"_s, true}, {u"exit"_s, 1}} << ours("InvalidArgument");
    QTest::newRow("pause too long") << QVariantMap{{u"pauseSeconds"_s, 4294967295u}} << ours("InvalidArgument");
    QTest::newRow("unknown requirement") << QVariantMap{{u"home"_s, true}, {u"requires"_s, QVariantList{u"teleport"_s}}}
                                         << ours("UnsupportedRequirement");
    QTest::newRow("1 MiB exit") << QVariantMap{{u"exitName"_s, QString(1024 * 1024, u'a')}} << ours("LimitExceeded");
    QTest::newRow("no such exit") << QVariantMap{{u"exitName"_s, u"atlantis"_s}} << ours("UnknownName");
}

void HelperContractTest::badIntent()
{
    QFETCH(QVariantMap, change);
    QFETCH(QString, error);
    Caller caller(m_world->bus, kSomebody);
    QCOMPARE(replyTo(HelperWorld::configure(caller, smallConfiguration())).errorMessage(), QString());
    const QByteArray configured = m_world->system();
    const QDBusMessage reply = replyTo(HelperWorld::call(caller, u"SetIntent"_s, {change}));
    QCOMPARE(reply.errorName(), error);
    QCOMPARE(m_world->system(), configured);
    QVERIFY(!decodeSnapshot(snapshot(caller)).home.enabled);
}

void HelperContractTest::badSecret_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<uint>("seals");
    const QByteArray key(43, 'A');
    QTest::newRow("not sealed") << u"home"_s << QByteArray(key + "=") << 0u;
    QTest::newRow("not sealed against writing")
        << u"home"_s << QByteArray(key + "=") << uint(F_SEAL_GROW | F_SEAL_SHRINK);
    QTest::newRow("not sealed against shrinking")
        << u"home"_s << QByteArray(key + "=") << uint(F_SEAL_GROW | F_SEAL_WRITE);
    QTest::newRow("empty") << u"home"_s << QByteArray() << kAllSeals;
    QTest::newRow("too short") << u"home"_s << key << kAllSeals;
    QTest::newRow("too long") << u"home"_s << QByteArray(4096, 'A') << kAllSeals;
    QTest::newRow("not base64") << u"home"_s << QByteArray(44, '*') << kAllSeals;
    QTest::newRow("no name") << QString() << QByteArray(key + "=") << kAllSeals;
    QTest::newRow("name too long") << QString(257, u'a') << QByteArray(key + "=") << kAllSeals;
    QTest::newRow("1 MiB name") << QString(1024 * 1024, u'a') << QByteArray(key + "=") << kAllSeals;
}

void HelperContractTest::badSecret()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, text);
    QFETCH(uint, seals);
    Caller caller(m_world->bus, kSomebody);
    const QDBusMessage reply
        = replyTo(HelperWorld::call(caller, u"ProvideSecret"_s, {name, QVariant::fromValue(memfdWith(text, seals))}));
    QCOMPARE(reply.errorName(), ours("InvalidArgument"));
    QVERIFY(!reply.errorMessage().contains(u"AAAA"_s));
    QVERIFY(m_polkit->checks().empty());
}

void HelperContractTest::pipeInsteadOfMemfd()
{
    int ends[2];
    QCOMPARE(pipe2(ends, O_CLOEXEC), 0);
    Caller caller(m_world->bus, kSomebody);
    const QDBusUnixFileDescriptor reading(ends[0]);
    const QDBusMessage reply
        = replyTo(HelperWorld::call(caller, u"ProvideSecret"_s, {u"home"_s, QVariant::fromValue(reading)}));
    QCOMPARE(reply.errorName(), ours("InvalidArgument"));
    close(ends[0]);
    close(ends[1]);
}

void HelperContractTest::signalPrecedesReply()
{
    Caller caller(m_world->bus, kSomebody);
    Listener listener(caller);
    listener.follow(HelperWorld::configure(caller, smallConfiguration()));
    QTRY_VERIFY(listener.heard.contains(u"reply"_s));
    QVERIFY2(
        listener.heard.size() >= 2 && listener.heard.constLast() == u"reply"_s, qPrintable(listener.heard.join(u' ')));
    const auto plain = unwrap(listener.last);
    QVERIFY(plain);
    QVERIFY(decodeSnapshot(*plain).home.configured);
    QCOMPARE(*plain, snapshot(caller));
}

void HelperContractTest::unknownKeysAreIgnored()
{
    Caller caller(m_world->bus, kSomebody);
    const QVariantMap newer = with(withInDevice(u"colour"_s, u"green"_s), u"teleport"_s, QVariantMap{{u"on"_s, true}});
    QCOMPARE(replyTo(HelperWorld::configure(caller, newer)).errorMessage(), QString());
    QVERIFY(decodeSnapshot(snapshot(caller)).home.configured);
}

void HelperContractTest::refusedCaller_changesNothing()
{
    m_polkit->setReply(FakePolkit::Reply::No);
    Caller caller(m_world->bus, kSomebody);
    const SecretKey key = SecretKey::generatePrivate();
    QCOMPARE(replyTo(HelperWorld::configure(caller, smallConfiguration())).errorName(), ours("NotAuthorized"));
    QCOMPARE(replyTo(HelperWorld::provide(caller, u"home"_s, key)).errorName(), ours("NotAuthorized"));
    QCOMPARE(replyTo(HelperWorld::call(caller, u"SetIntent"_s, {QVariantMap{{u"lockdown"_s, true}}})).errorName(),
        ours("NotAuthorized"));
    QCOMPARE(replyTo(HelperWorld::call(caller, u"GetConfiguration"_s)).errorName(), ours("NotAuthorized"));
    QCOMPARE(m_world->system(), m_before);
    QVERIFY(!decodeSnapshot(snapshot(caller)).home.configured);
    QStringList asked;
    for (const FakePolkit::Check &check : m_polkit->checks())
        asked += check.action.section(u'.', -1);
    QCOMPARE(asked, (QStringList{u"configure"_s, u"configure"_s, u"toggle"_s, u"toggle"_s}));
}

void HelperContractTest::inactiveCaller_mayNotConfigure()
{
    const PolkitDaemon polkit(m_world->bus, PolkitDaemon::Presence::Inactive);
    Caller caller(m_world->bus, kSomebody);
    QCOMPARE(replyTo(HelperWorld::configure(caller, smallConfiguration())).errorName(), ours("NotAuthorized"));
    QCOMPARE(m_world->system(), m_before);
    QVERIFY(!decodeSnapshot(snapshot(caller)).home.configured);
    Caller root(m_world->bus, kRoot);
    QCOMPARE(replyTo(HelperWorld::configure(root, smallConfiguration())).errorMessage(), QString());
    QVERIFY(decodeSnapshot(snapshot(caller)).home.configured);
}

void HelperContractTest::callerThatLeaves_isForgotten()
{
    Caller stays(m_world->bus, kSomebody);
    auto leaves = std::make_unique<Caller>(m_world->bus, kSomebody);
    provideAll(*leaves);
    m_polkit->setReply(FakePolkit::Reply::Wait);
    HelperWorld::configure(*leaves, smallConfiguration());
    QTRY_COMPARE(m_polkit->waiting(), 1);
    leaves.reset();
    QTRY_COMPARE(m_polkit->cancelled().size(), 1);
    QVERIFY(!decodeSnapshot(snapshot(stays)).home.configured);
    // The secrets went with it: nobody else's Configure picks them up.
    m_polkit->setReply(FakePolkit::Reply::Yes);
    QCOMPARE(replyTo(HelperWorld::configure(stays, smallConfiguration())).errorMessage(), QString());
    QCOMPARE(replyTo(HelperWorld::call(stays, u"SetIntent"_s, {QVariantMap{{u"home"_s, true}}})).errorName(),
        ours("NotConfigured"));
}

void HelperContractTest::switchWithoutConfiguration()
{
    Caller caller(m_world->bus, kSomebody);
    for (const QVariantMap &change : {QVariantMap{{u"home"_s, true}}, QVariantMap{{u"exit"_s, true}}})
        QCOMPARE(replyTo(HelperWorld::call(caller, u"SetIntent"_s, {change})).errorName(), ours("NotConfigured"));
    QCOMPARE(m_world->system(), m_before);
}

void HelperContractTest::homeOnAndOff_andGone()
{
    Caller caller(m_world->bus, kSomebody);
    provideAll(caller);
    QCOMPARE(replyTo(HelperWorld::configure(caller, smallConfiguration())).errorMessage(), QString());
    QCOMPARE(
        replyTo(HelperWorld::call(caller, u"SetIntent"_s, {QVariantMap{{u"home"_s, true}}})).errorMessage(), QString());
    QVERIFY(m_world->system().contains("sally-home"));
    QVERIFY(m_world->inside({u"ip"_s, u"-o"_s, u"address"_s}).contains("10.42.1.2/16"));
    QVERIFY(m_world->inside({u"ip"_s, u"route"_s, u"show"_s, u"table"_s, u"2576"_s}).contains("10.42.0.0/16"));
    QCOMPARE(decodeSnapshot(snapshot(caller)).home.phase, Phase::Up);
    QCOMPARE(replyTo(HelperWorld::configure(caller, {})).errorMessage(), QString());
    QTRY_COMPARE(m_world->system(), m_before);
    QVERIFY(!decodeSnapshot(snapshot(caller)).home.configured);
}

void HelperContractTest::killedHelper_adoptsWhatIsThere()
{
    Caller caller(m_world->bus, kSomebody);
    provideAll(caller);
    QCOMPARE(replyTo(HelperWorld::configure(caller, smallConfiguration())).errorMessage(), QString());
    QCOMPARE(
        replyTo(HelperWorld::call(caller, u"SetIntent"_s, {QVariantMap{{u"home"_s, true}}})).errorMessage(), QString());
    const QByteArray on = m_world->system();
    m_world->kill();
    QCOMPARE(m_world->system(), on);
    m_world->start();
    QCOMPARE(m_world->system(), on);
    QCOMPARE(decodeSnapshot(snapshot(caller)).home.phase, Phase::Up);
}

void HelperContractTest::tenThousandDevices()
{
    QVariantList devices;
    for (int i = 0; i < 10000; ++i) {
        QByteArray key(32, '\0');
        key[0] = char(i & 0xff);
        key[1] = char(i >> 8);
        key[2] = 1;
        const QString address = u"10.%1.%2.%3"_s.arg(100 + i / 65536).arg((i / 256) % 256).arg(i % 256);
        devices << QVariantMap{{u"name"_s, u"device%1"_s.arg(i)}, {u"addresses"_s, QVariantList{address}},
            {u"publicKey"_s, QString::fromLatin1(key.toBase64())},
            {u"endpoints"_s, QVariantList{QVariantMap{{u"address"_s, u"192.0.2.1:%1"_s.arg(1 + i)}}}}};
    }
    Caller caller(m_world->bus, kSomebody);
    const QDBusMessage reply = replyTo(HelperWorld::configure(caller, withInHome(u"devices"_s, devices)));
    QCOMPARE(reply.errorMessage(), QString());
    const QDBusMessage back = replyTo(HelperWorld::call(caller, u"GetConfiguration"_s));
    const auto plain = unwrap(qdbus_cast<QVariantMap>(back.arguments().value(0)));
    QVERIFY2(plain, "the configuration does not come back");
    QCOMPARE(plain->value(u"home"_s).toMap().value(u"devices"_s).toList().size(), 10000);
}

QTEST_GUILESS_MAIN(HelperContractTest)
#include "helper_contract_test.moc"
