// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/ivpn.h"
#include "app/providers/mullvad.h"
#include "core/key/secret_key.h"
#include "tests/support/provider/provider_server.h"

#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray kAccount = "1234567812345678";
const QByteArray kIvpnAccount = "i-ABCD-EFGH-1234";

/// Waits for the one answer.
template<class T>
class Waiter {
public:
    Answer<T> answer()
    {
        return [this](const Outcome<T> &outcome) {
            ++m_count;
            m_outcome = outcome;
        };
    }
    bool isThere() const { return m_count == 1; }
    const Outcome<T> &outcome() const { return *m_outcome; }

private:
    int m_count = 0;
    std::optional<Outcome<T>> m_outcome;
};

struct Setup {
    explicit Setup(ProviderServer &server, std::chrono::milliseconds patience = 20s)
        : preferences(folder.filePath(u"preferences.json"_s)), contacts(preferences), base(server.base())
    {
        base.patience = patience;
        build();
    }
    void build()
    {
        mullvad = std::make_unique<Mullvad>(contacts, base, RelayCache(folder.filePath(u"cache"_s)));
        ivpn = std::make_unique<Ivpn>(contacts, base, RelayCache(folder.filePath(u"cache"_s)));
    }
    Outcome<Session> logIn(const QByteArray &account = kAccount)
    {
        return logIn(*mullvad, {HiddenText(account), {}, {}, false});
    }
    Outcome<Session> logIn(Provider &provider, const Login &login)
    {
        return wait<Session>([&](auto answer) { provider.logIn(login, &context, answer); });
    }
    Outcome<ProviderDevice> change(Provider &provider, const Session &session, const DeviceChange &change)
    {
        return wait<ProviderDevice>([&](auto answer) { provider.change(session, change, &context, answer); });
    }
    Outcome<RelayList> relays(Provider &provider, RelaySource source = RelaySource::Provider)
    {
        return wait<RelayList>([&](auto answer) { provider.fetchRelays(source, &context, answer); });
    }
    template<class T, class Ask>
    Outcome<T> wait(Ask ask)
    {
        Waiter<T> waiter;
        ask(waiter.answer());
        if (!QTest::qWaitFor([&] { return waiter.isThere(); }, 15'000))
            return ProviderError(ProviderTrouble::Refused, u"no answer came at all"_s);
        return waiter.outcome();
    }

    QTemporaryDir folder;
    PreferencesFile preferences;
    NetworkContacts contacts;
    HttpsBase base;
    QObject context;
    std::unique_ptr<Mullvad> mullvad;
    std::unique_ptr<Ivpn> ivpn;
};

PublicKey someKey()
{
    return SecretKey::generatePrivate().publicKey();
}

} // namespace

class ProvidersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_server.play({}); }
    void nothingIsAskedBeforeTheFirstStep();
    void loggingInBringsTheTimeLeft();
    void troubleWhileLoggingInIsNamed_data();
    void troubleWhileLoggingInIsNamed();
    void slowAnswerIsGivenUp();
    void endlessAnswerIsCutOff();
    void redirectionIsNotFollowed();
    void plainHttpIsRefused();
    void serverThatIsGoneIsTold();
    void keyIsRegisteredAndRotated();
    void fullAccountIsTold_andTheChosenDeviceReplaced();
    void anotherKeyThanSentIsRefused();
    void tokenThatIsOverIsRenewedOnce();
    void cookiesAreNotKept();
    void announcedListIsCheckedAndKept();
    void listWithAnotherDigestIsRefused();
    void listsAreFoundByTheirUsualAddresses();
    void listsAreThereWithoutNetwork();
    void damagedCacheIsRefused();
    void switchedOffHostIsNotAsked();
    void answersForNobodyAreDropped();
    void ivpnSessionIsOpenedChangedAndEnded();
    void ivpnRefusalsAreNamed_data();
    void ivpnRefusalsAreNamed();
    void ivpnServersAreKept();

private:
    ProviderServer m_server;
};

void ProvidersTest::nothingIsAskedBeforeTheFirstStep()
{
    Setup setup(m_server);
    QTest::qWait(50);
    QCOMPARE(m_server.log(), QStringList());
    QCOMPARE(setup.contacts.list().size(), 1U); // both have the same address here
    QVERIFY(!setup.contacts.list().front().last.isValid());
}

void ProvidersTest::loggingInBringsTheTimeLeft()
{
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(session);
    QCOMPARE(session->accountExpires.date().year(), 2040);
    QCOMPARE(m_server.log(),
        QStringList({u"POST /auth/v1/token account_number"_s, u"GET /accounts/v1/accounts/me Authorization"_s}));
    const NetworkContact contact = setup.contacts.list().front();
    QCOMPARE(contact.host, u"localhost"_s);
    QVERIFY(contact.last.secsTo(QDateTime::currentDateTimeUtc()) < 60);
}

void ProvidersTest::troubleWhileLoggingInIsNamed_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<ProviderTrouble>("trouble");
    const auto row = [](const char *scenario, ProviderTrouble trouble) {
        QTest::newRow(scenario) << QString::fromLatin1(scenario) << trouble;
    };
    row("rate-limited", ProviderTrouble::RateLimited);
    row("down", ProviderTrouble::Down);
    row("cut-off", ProviderTrouble::Down);
    row("html", ProviderTrouble::Unreadable);
    row("expired", ProviderTrouble::AccountExpired);
    row("tls-name", ProviderTrouble::CertificateWrong);
    row("tls-unknown", ProviderTrouble::CertificateWrong);
    row("tls-expired", ProviderTrouble::ClockWrong);
    row("tls-future", ProviderTrouble::ClockWrong);
}

void ProvidersTest::troubleWhileLoggingInIsNamed()
{
    QFETCH(QString, scenario);
    QFETCH(ProviderTrouble, trouble);
    m_server.play(scenario);
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, trouble);
    QCOMPARE(session.error().retryAfter, trouble == ProviderTrouble::RateLimited ? 120s : 0s);
    QVERIFY(!session.error().detail.contains(QString::fromLatin1(kAccount)));
    if (scenario.startsWith(u"tls-"))
        QCOMPARE(m_server.log(), QStringList()); // the account number did not leave
}

void ProvidersTest::slowAnswerIsGivenUp()
{
    m_server.play(u"slow"_s);
    Setup setup(m_server, 300ms);
    const auto session = setup.logIn();
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, ProviderTrouble::Slow);
}

void ProvidersTest::endlessAnswerIsCutOff()
{
    m_server.play(u"endless"_s);
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, ProviderTrouble::Unreadable);
    QTRY_VERIFY_WITH_TIMEOUT(m_server.log().contains(u"endless: the other side closed"_s), 10'000);
}

void ProvidersTest::redirectionIsNotFollowed()
{
    m_server.play(u"redirect"_s);
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, ProviderTrouble::Unreadable);
    QCOMPARE(m_server.log(), QStringList{u"POST /auth/v1/token account_number"_s});
}

void ProvidersTest::plainHttpIsRefused()
{
    Setup setup(m_server);
    setup.base.url.setScheme(u"http"_s);
    setup.build();
    QVERIFY(!setup.logIn());
    QCOMPARE(m_server.log(), QStringList());
}

void ProvidersTest::serverThatIsGoneIsTold()
{
    ProviderServer other;
    Setup setup(other);
    other.kill();
    const auto session = setup.logIn();
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, ProviderTrouble::Down);
}

void ProvidersTest::keyIsRegisteredAndRotated()
{
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(session);
    const PublicKey first = someKey();
    const PublicKey second = someKey();
    const auto device = setup.change(*setup.mullvad, *session, RegisterKey{first});
    QVERIFY(device);
    QVERIFY(device->publicKey == first);
    QCOMPARE(device->addresses.front().toString(), u"10.64.3.11/32"_s);
    const auto rotated = setup.change(*setup.mullvad, *session, RotateKey{device->id, first, second});
    QVERIFY(rotated);
    QVERIFY(rotated->publicKey == second);
    QCOMPARE(rotated->addresses.front().toString(), u"10.64.7.7/32"_s);
    QVERIFY(setup.change(*setup.mullvad, *session, RemoveDevice{device->id}));
    const auto again = setup.change(*setup.mullvad, *session, RotateKey{device->id, second, first});
    QVERIFY(!again);
    QCOMPARE(again.error().trouble, ProviderTrouble::DeviceGone);
    m_server.play(u"key-in-use"_s);
    QCOMPARE(setup.change(*setup.mullvad, *session, RegisterKey{first}).error().trouble, ProviderTrouble::KeyInUse);
}

void ProvidersTest::fullAccountIsTold_andTheChosenDeviceReplaced()
{
    m_server.play(u"full"_s);
    Setup setup(m_server);
    const auto session = setup.logIn();
    const PublicKey key = someKey();
    QCOMPARE(setup.change(*setup.mullvad, *session, RegisterKey{key}).error().trouble, ProviderTrouble::DeviceLimit);
    const auto list = [&] {
        return setup.wait<std::vector<ProviderDevice>>(
            [&](auto answer) { setup.mullvad->fetchDevices(*session, &setup.context, answer); });
    };
    const auto devices = list();
    QVERIFY(devices);
    QCOMPARE(devices->size(), 5U);
    QVERIFY(devices->at(2).created.isValid());
    QVERIFY(setup.change(*setup.mullvad, *session, ReplaceDevice{devices->at(2).id, key}));
    const auto after = list();
    QCOMPARE(after->size(), 5U);
    QCOMPARE(std::ranges::count(*after, devices->at(2).id, &ProviderDevice::id), 0);
    QCOMPARE(std::ranges::count(*after, key, &ProviderDevice::publicKey), 1);
    QVERIFY(setup.change(*setup.mullvad, *session, RemoveDevice{devices->at(0).id}));
    QVERIFY(setup.change(*setup.mullvad, *session, ReplaceDevice{devices->at(0).id, someKey()})); // gone already
}

void ProvidersTest::anotherKeyThanSentIsRefused()
{
    m_server.play(u"another-key"_s);
    Setup setup(m_server);
    const auto device = setup.change(*setup.mullvad, *setup.logIn(), RegisterKey{someKey()});
    QVERIFY(!device);
    QCOMPARE(device.error().trouble, ProviderTrouble::Unreadable);
}

void ProvidersTest::tokenThatIsOverIsRenewedOnce()
{
    Setup setup(m_server);
    const auto session = setup.logIn();
    QVERIFY(session);
    m_server.play(u"token-over"_s);
    QVERIFY(setup.change(*setup.mullvad, *session, RegisterKey{someKey()}));
    QCOMPARE(m_server.log().filter(u"auth/v1/token"_s).size(), 1);
    QCOMPARE(m_server.log().filter(u"POST /accounts/v1/devices"_s).size(), 2);
}

void ProvidersTest::cookiesAreNotKept()
{
    Setup setup(m_server);
    QVERIFY(setup.logIn());
    QVERIFY(setup.logIn());
    QCOMPARE(m_server.log().filter(u"Cookie"_s), QStringList());
    QCOMPARE(m_server.log().size(), 4);
}

void ProvidersTest::announcedListIsCheckedAndKept()
{
    Setup setup(m_server);
    const auto list = setup.relays(*setup.mullvad);
    QVERIFY(list);
    QCOMPARE(list->relays.size(), 2U);
    QCOMPARE(list->ports.size(), 3U);
    QCOMPARE(findRelay(*list, u"se-sto-wg-001"_s)->multihopPort, 3151);
    QCOMPARE(m_server.log().filter(u"Authorization"_s), QStringList()); // lists are asked for by nobody in particular
    m_server.play({});
    QVERIFY(setup.relays(*setup.mullvad));
    QCOMPARE(m_server.log(), QStringList({u"GET /trl/v0/timestamps/latest"_s, u"GET /www/relays/all If-None-Match"_s}));
}

void ProvidersTest::listWithAnotherDigestIsRefused()
{
    m_server.play(u"wrong-digest"_s);
    Setup setup(m_server);
    const auto list = setup.relays(*setup.mullvad);
    QVERIFY(!list);
    QCOMPARE(list.error().trouble, ProviderTrouble::Unreadable);
    QVERIFY(!setup.relays(*setup.mullvad, RelaySource::Cache)); // nor kept
}

void ProvidersTest::listsAreFoundByTheirUsualAddresses()
{
    m_server.play(u"unannounced"_s);
    Setup setup(m_server);
    QVERIFY(setup.relays(*setup.mullvad));
    const auto again = setup.relays(*setup.mullvad);
    QVERIFY(again);
    QCOMPARE(again->ports.size(), 3U);
    QCOMPARE(m_server.log().filter(u"/app/v1/relays If-None-Match"_s).size(), 1);
    m_server.play(u"flat-only"_s);
    Setup other(m_server);
    const auto flat = other.relays(*other.mullvad);
    QVERIFY(flat);
    QCOMPARE(flat->ports.size(), 0U);
    QCOMPARE(flat->relays.size(), 2U);
}

void ProvidersTest::listsAreThereWithoutNetwork()
{
    Setup setup(m_server);
    const auto fresh = setup.relays(*setup.mullvad);
    QVERIFY(fresh);
    m_server.play(u"down"_s);
    QVERIFY(!setup.relays(*setup.mullvad));
    const auto kept = setup.relays(*setup.mullvad, RelaySource::Cache);
    QVERIFY(kept);
    QVERIFY(*kept == *fresh);
    QCOMPARE(m_server.log().size(), 1);
    Setup empty(m_server);
    QCOMPARE(empty.relays(*empty.mullvad, RelaySource::Cache).error().trouble, ProviderTrouble::NotThere);
}

void ProvidersTest::damagedCacheIsRefused()
{
    Setup setup(m_server);
    QVERIFY(setup.relays(*setup.mullvad));
    QFile file(setup.folder.filePath(u"cache/mullvad.relays"_s));
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.resize(200);
    file.close();
    QCOMPARE(setup.relays(*setup.mullvad, RelaySource::Cache).error().trouble, ProviderTrouble::Unreadable);
    QVERIFY(setup.relays(*setup.mullvad)); // its digest does not fit, so it is fetched anew
    QVERIFY(setup.relays(*setup.mullvad, RelaySource::Cache));
}

void ProvidersTest::switchedOffHostIsNotAsked()
{
    Setup setup(m_server);
    setup.contacts.allow(u"localhost"_s, false);
    QCOMPARE(setup.logIn().error().trouble, ProviderTrouble::NotAllowed);
    QCOMPARE(setup.relays(*setup.mullvad).error().trouble, ProviderTrouble::NotAllowed);
    QCOMPARE(m_server.log(), QStringList());
    PreferencesFile reread(setup.folder.filePath(u"preferences.json"_s));
    NetworkContacts contacts(reread);
    contacts.declare(u"localhost"_s, {});
    QVERIFY(!contacts.list().front().isAllowed);
    QVERIFY(!contacts.enter(u"localhost"_s));
    QVERIFY(!contacts.enter(u"elsewhere.example"_s)); // nobody declared it
    setup.contacts.allow(u"localhost"_s, true);
    QVERIFY(setup.logIn());
}

void ProvidersTest::answersForNobodyAreDropped()
{
    m_server.play(u"slow"_s);
    Setup setup(m_server, 300ms);
    bool isCalled = false;
    auto context = std::make_unique<QObject>();
    setup.mullvad->logIn({HiddenText(kAccount), {}, {}, false}, context.get(), [&](const auto &) { isCalled = true; });
    context.reset();
    QTest::qWait(500);
    QVERIFY(!isCalled);
}

void ProvidersTest::ivpnSessionIsOpenedChangedAndEnded()
{
    Setup setup(m_server);
    const PublicKey first = someKey();
    const auto session = setup.logIn(*setup.ivpn, {HiddenText(kIvpnAccount), {}, first, false});
    QVERIFY(session);
    QCOMPARE(session->device->addresses.front().toString(), u"172.27.4.5/32"_s);
    QVERIFY(session->device->publicKey == first);
    const PublicKey second = someKey();
    const auto rotated = setup.change(*setup.ivpn, *session, RotateKey{{}, first, second});
    QVERIFY(rotated);
    QCOMPARE(rotated->addresses.front().toString(), u"172.27.4.6/32"_s);
    QVERIFY(rotated->publicKey == second);
    QVERIFY(setup.change(*setup.ivpn, *session, RemoveDevice{}));
    QCOMPARE(m_server.log().last(), u"POST /v4/session/delete session_token"_s);
    m_server.play(u"session-over"_s);
    QCOMPARE(setup.change(*setup.ivpn, *session, RotateKey{{}, second, first}).error().trouble,
        ProviderTrouble::TokenInvalid);
}

void ProvidersTest::ivpnRefusalsAreNamed_data()
{
    QTest::addColumn<QString>("scenario");
    QTest::addColumn<ProviderTrouble>("trouble");
    QTest::newRow("full") << u"full"_s << ProviderTrouble::DeviceLimit;
    QTest::newRow("expired") << u"expired"_s << ProviderTrouble::AccountExpired;
    QTest::newRow("captcha") << u"captcha"_s << ProviderTrouble::Captcha;
    QTest::newRow("second factor") << u"second-factor"_s << ProviderTrouble::SecondFactor;
    QTest::newRow("html") << u"html"_s << ProviderTrouble::Unreadable;
    QTest::newRow("down") << u"down"_s << ProviderTrouble::Down;
}

void ProvidersTest::ivpnRefusalsAreNamed()
{
    QFETCH(QString, scenario);
    QFETCH(ProviderTrouble, trouble);
    m_server.play(scenario);
    Setup setup(m_server);
    const Login login{HiddenText(kIvpnAccount), {}, someKey(), false};
    const auto session = setup.logIn(*setup.ivpn, login);
    QVERIFY(!session);
    QCOMPARE(session.error().trouble, trouble);
    Login solved = login;
    solved.replacesOthers = trouble == ProviderTrouble::DeviceLimit;
    solved.secondFactor = trouble == ProviderTrouble::SecondFactor ? "123456" : "";
    const bool isSolved = solved.replacesOthers || !solved.secondFactor.isEmpty();
    QCOMPARE(static_cast<bool>(setup.logIn(*setup.ivpn, solved)), isSolved);
}

void ProvidersTest::ivpnServersAreKept()
{
    Setup setup(m_server);
    const auto fresh = setup.relays(*setup.ivpn);
    QVERIFY(fresh);
    QVERIFY(setup.relays(*setup.ivpn));
    QCOMPARE(m_server.log(), QStringList({u"GET /v5/servers.json"_s, u"GET /v5/servers.json If-None-Match"_s}));
    m_server.play(u"down"_s);
    QVERIFY(!setup.relays(*setup.ivpn));
    QVERIFY(*setup.relays(*setup.ivpn, RelaySource::Cache) == *fresh);
}

int main(int argc, char **argv)
{
    enterPrivateNetwork();
    QCoreApplication application(argc, argv);
    ProvidersTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "providers_test.moc"
