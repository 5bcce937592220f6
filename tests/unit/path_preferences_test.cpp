// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/intent_rules.h"
#include "core/plan/snapshot_of.h"
#include "tests/support/sample_configuration.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString kLan = u"10.41.1.4:53333"_s;
const QString kPublic = u"123.45.67.89:54445"_s;
const QString kLearned = u"198.18.0.9:40000"_s;

IntentChange word(const QString &device, const QString &address, Preference use)
{
    IntentChange change;
    change.path = PathPreference{device, *HostEndpoint::parse(address), use};
    return change;
}

constexpr std::chrono::sys_seconds kNow{}; ///< no word about a way has to do with the time

Configuration named()
{
    Configuration configuration = sample::configuration();
    configuration.home->devices[3].endpoints.push_back({*HostEndpoint::parse(u"nas.example.net:54445"), {}, {}});
    return configuration;
}

Result<Intent> after(const std::vector<IntentChange> &changes, const Configuration &configuration = named())
{
    Result<Intent> intent = Intent{};
    for (const IntentChange &change : changes) {
        if (intent)
            intent = changedIntent(*intent, change, configuration, kNow);
    }
    return intent;
}

std::vector<std::pair<QString, Preference>> said(const Result<Intent> &intent, const QString &device = u"nas"_s)
{
    std::vector<std::pair<QString, Preference>> list;
    if (!intent)
        return {{intent.error().detail, Preference::None}};
    for (const auto &[address, use] : preferencesOf(*intent, device))
        list.emplace_back(address.toString(), use);
    return list;
}

using Said = std::vector<std::pair<QString, Preference>>;

} // namespace

class PathPreferencesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWord_isKeptUnderTheDevicesName();
    void theLastWord_counts();
    void aPin_takesTheOtherPinAway();
    void releasing_worksWhateverHasBecomeOfTheEndpoint();
    void badWords_areRefusedWithThePlace_data();
    void badWords_areRefusedWithThePlace();
    void words_areBounded();
    void theSwitches_stayAsTheyAre();
    void wordsOfADeviceThatIsGone_goWithIt();
    void theSnapshot_showsThem();
};

void PathPreferencesTest::aWord_isKeptUnderTheDevicesName()
{
    QCOMPARE(said(after({word(u"Storage"_s, kLan, Preference::Prefer)})), (Said{{kLan, Preference::Prefer}}));
    QCOMPARE(said(after({word(u"nas"_s, u"NAS.Example.net:54445"_s, Preference::Forbid)})),
        (Said{{u"nas.example.net:54445"_s, Preference::Forbid}}));
    QCOMPARE(said(after({word(u"nas"_s, kLearned, Preference::Forbid)})), (Said{{kLearned, Preference::Forbid}}));
    QVERIFY(said(after({word(u"nas"_s, kLan, Preference::Forbid)}), u"vps"_s).empty());
}

void PathPreferencesTest::theLastWord_counts()
{
    QCOMPARE(said(after({word(u"nas"_s, kLan, Preference::Prefer), word(u"storage"_s, kLan, Preference::Forbid)})),
        (Said{{kLan, Preference::Forbid}}));
    QCOMPARE(said(after({word(u"nas"_s, kPublic, Preference::Prefer), word(u"nas"_s, kLan, Preference::Forbid)})),
        (Said{{kLan, Preference::Forbid}, {kPublic, Preference::Prefer}}));
}

void PathPreferencesTest::aPin_takesTheOtherPinAway()
{
    const auto pinned
        = after({word(u"nas"_s, kLan, Preference::Pin), word(u"vps"_s, u"98.76.65.43:53333"_s, Preference::Pin),
            word(u"nas"_s, kLearned, Preference::Prefer), word(u"nas"_s, kPublic, Preference::Pin)});
    QCOMPARE(said(pinned), (Said{{kPublic, Preference::Pin}, {kLearned, Preference::Prefer}}));
    QCOMPARE(said(pinned, u"vps"_s), (Said{{u"98.76.65.43:53333"_s, Preference::Pin}}));
}

void PathPreferencesTest::releasing_worksWhateverHasBecomeOfTheEndpoint()
{
    const auto forbidden = after({word(u"nas"_s, u"nas.example.net:54445"_s, Preference::Forbid)});
    QVERIFY(forbidden);
    // The configuration does not know the name any more.
    const auto released = changedIntent(
        *forbidden, word(u"nas"_s, u"nas.example.net:54445"_s, Preference::None), sample::configuration(), kNow);
    QVERIFY(released);
    QVERIFY(released->paths.empty());
    QVERIFY(after({word(u"nas"_s, kLan, Preference::None)}));
}

void PathPreferencesTest::badWords_areRefusedWithThePlace_data()
{
    QTest::addColumn<QString>("device");
    QTest::addColumn<QString>("address");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("place");
    const int invalid = int(Errc::InvalidArgument);
    QTest::newRow("nobody") << u"phone"_s << kLan << int(Errc::UnknownName) << u"path.device"_s;
    QTest::newRow("ourselves") << u"laptop"_s << kLan << invalid << u"path.device"_s;
    QTest::newRow("in the mesh") << u"nas"_s << u"10.42.1.4:53333"_s << invalid << u"path.address"_s;
    QTest::newRow("in the mesh, IPv6") << u"nas"_s << u"[fd42::4]:53333"_s << invalid << u"path.address"_s;
    QTest::newRow("elsewhere in the mesh") << u"nas"_s << u"10.42.200.1:1"_s << invalid << u"path.address"_s;
    QTest::newRow("a name that is not configured")
        << u"nas"_s << u"evil.example.net:1"_s << invalid << u"path.address"_s;
    QTest::newRow("everybody") << u"nas"_s << u"224.0.0.1:53333"_s << invalid << u"path.address"_s;
    QTest::newRow("nowhere") << u"nas"_s << u"[::]:53333"_s << invalid << u"path.address"_s;
}

void PathPreferencesTest::badWords_areRefusedWithThePlace()
{
    QFETCH(QString, device);
    QFETCH(QString, address);
    QFETCH(int, code);
    QFETCH(QString, place);
    for (const Preference use : {Preference::Prefer, Preference::Pin, Preference::Forbid}) {
        const auto refused = after({word(device, address, use)});
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
        QCOMPARE(refused.error().place, place);
        QVERIFY(refused.error().detail.endsWith(u'.'));
    }
    QCOMPARE(after({word(u"nas"_s, kLan, Preference::Pin)}, Configuration()).error().code, Errc::NotConfigured);
}

void PathPreferencesTest::words_areBounded()
{
    Result<Intent> intent = Intent{};
    for (int port = 1; port <= 64; ++port)
        intent
            = changedIntent(*intent, word(u"nas"_s, u"198.18.0.9:%1"_s.arg(port), Preference::Forbid), named(), kNow);
    QVERIFY(intent);
    QCOMPARE(changedIntent(*intent, word(u"nas"_s, kLan, Preference::Forbid), named(), kNow).error().code,
        Errc::LimitExceeded);
    QVERIFY(changedIntent(*intent, word(u"nas"_s, u"198.18.0.9:7"_s, Preference::Pin), named(), kNow));
    QVERIFY(changedIntent(*intent, word(u"vps"_s, kLearned, Preference::Forbid), named(), kNow));
}

void PathPreferencesTest::theSwitches_stayAsTheyAre()
{
    Intent before{true, true, u"se"_s, true};
    const auto changed = changedIntent(before, word(u"nas"_s, kLan, Preference::Pin), named(), kNow);
    QVERIFY(changed);
    QVERIFY(changed->home && changed->exit && changed->lockdown);
    QCOMPARE(changed->exitName, u"se"_s);
}

void PathPreferencesTest::wordsOfADeviceThatIsGone_goWithIt()
{
    const auto intent = after({word(u"nas"_s, kLan, Preference::Pin),
        word(u"vps"_s, u"98.76.65.43:53333"_s, Preference::Forbid), word(u"vps"_s, kLearned, Preference::Forbid)});
    QVERIFY(intent);
    QCOMPARE(intentFor(*intent, named()), *intent);
    Configuration smaller = named();
    smaller.home->devices.pop_back(); // the nas
    QVERIFY(said(intentFor(*intent, smaller)).empty());
    QCOMPARE(said(intentFor(*intent, smaller), u"vps"_s).size(), 2U);
    Configuration larger = named();
    larger.home->addresses.push_back(*InterfaceAddress::parse(u"198.18.0.1/16"));
    QCOMPARE(said(intentFor(*intent, larger), u"vps"_s), (Said{{u"98.76.65.43:53333"_s, Preference::Forbid}}));
    Configuration other = named();
    other.home->device = u"vps"_s;
    QVERIFY(said(intentFor(*intent, other), u"vps"_s).empty());
    QVERIFY(intentFor(*intent, Configuration()).paths.empty());
}

void PathPreferencesTest::theSnapshot_showsThem()
{
    auto intent = after({word(u"nas"_s, kLan, Preference::Forbid), word(u"nas"_s, kLearned, Preference::Pin)});
    QVERIFY(intent);
    intent->home = true;
    ObservedState observed;
    observed.uplinks = sample::hotel();
    const Snapshot snapshot = snapshotOf(named(), *intent, observed, 0ms);
    const auto nas = std::ranges::find(snapshot.home.peers, u"nas"_s, &PeerSnapshot::name);
    QVERIFY(nas != snapshot.home.peers.end());
    const std::vector<CandidateSnapshot> wanted{{kLan, u"manual"_s, u"not-here"_s, Preference::Forbid},
        {kPublic, u"manual"_s, u"possible"_s, Preference::None},
        {u"nas.example.net:54445"_s, u"dns"_s, u"not-here"_s, Preference::None},
        {kLearned, u"observed"_s, u"possible"_s, Preference::Pin}};
    QVERIFY(nas->candidates == wanted);
}

QTEST_GUILESS_MAIN(PathPreferencesTest)
#include "path_preferences_test.moc"
