// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/configured_world.h"
#include "tests/support/fake_resolved.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

const QVariantMap kExitOn{{u"exit"_s, true}};
const QVariantMap kExitOff{{u"exit"_s, false}};

bool isDone(const QDBusMessage &reply)
{
    return reply.type() == QDBusMessage::ReplyMessage;
}

/// A link that nobody has set anything of.
const FakeResolved::Link kExpected{{u"10.64.0.1"_s}, {u"~."_s}, true, u"no"_s, u"no"_s, u"no"_s, u"no"_s};

} // namespace

/// The real helper and a systemd-resolved that can be told how to behave.
class HelperNamesTest : public ConfiguredTest {
    Q_OBJECT

private:
    std::unique_ptr<FakeResolved> m_resolved;

    void begin(const QString &exitDns = u"provider"_s)
    {
        run(u"mkdir -p /run/systemd/resolve"_s);
        run(u"touch /run/systemd/resolve/stub-resolv.conf"_s);
        run(u"ln -s ../run/systemd/resolve/stub-resolv.conf /etc/resolv.conf"_s);
        m_resolved = std::make_unique<FakeResolved>(m_world->helper.bus.connectAs(kRoot));
        QVERIFY(isDone(m_world->configure(configuration(exitDns))));
    }
    QVariantMap configuration(const QString &exitDns) const
    {
        QVariantMap configuration = m_world->configuration;
        QVariantMap home = configuration[u"home"_s].toMap();
        home[u"dns"_s] = QVariantList{u"10.42.1.4"_s};
        home[u"domain"_s] = u"wgnet"_s;
        configuration[u"home"_s] = home;
        QVariantList exits = configuration[u"exits"_s].toList();
        QVariantMap exit = exits[0].toMap();
        exit[u"dns"_s] = QVariantList{u"10.64.0.1"_s};
        exits[0] = exit;
        configuration[u"exits"_s] = exits;
        configuration[u"policy"_s] = QVariantMap{{u"exitDns"_s, exitDns}};
        return configuration;
    }
    int numberOf(const QString &link) const
    {
        const QByteArray line = m_world->helper.inside({u"ip"_s, u"-o"_s, u"link"_s, u"show"_s, link});
        return line.split(':').first().toInt();
    }
    FakeResolved::Link ofLink(const QString &link) const
    {
        const auto found = m_resolved->links.find(numberOf(link));
        return found == m_resolved->links.end() ? FakeResolved::Link() : found->second;
    }
    bool tellsOf(const QString &words)
    {
        const Snapshot snapshot = m_world->snapshot();
        return std::ranges::any_of(
            snapshot.conflicts, [&](const Conflict &each) { return (each.who + u": "_s + each.what).contains(words); });
    }
    QByteArray resolvConf() const { return m_world->helper.inside({u"readlink"_s, u"/etc/resolv.conf"_s}); }

private Q_SLOTS:
    void exitIsAskedForEverything()
    {
        begin();
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        QVERIFY(ofLink(u"sally-exit"_s) == kExpected);
        QVERIFY(m_resolved->flushes > 0);
        QCOMPARE(m_resolved->links.size(), std::size_t(1));
        QCOMPARE(resolvConf(), "../run/systemd/resolve/stub-resolv.conf\n");
        QVERIFY(isDone(m_world->setIntent(kExitOff)));
        QTRY_COMPARE(numberOf(u"sally-exit"_s), 0);
        m_resolved->links.clear(); // as the real one does with its link
    }

    void onlyOneLinkIsEverAskedForEverything()
    {
        begin();
        const FakeResolved::Link split{{u"10.42.1.4"_s}, {u"~wgnet"_s}, false, u"no"_s, u"no"_s, u"no"_s, u"no"_s};
        const FakeResolved::Link everything{{u"10.42.1.4"_s}, {u"~."_s}, true, u"no"_s, u"no"_s, u"no"_s, u"no"_s};
        QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}, {u"exit"_s, true}})));
        QVERIFY(ofLink(u"sally-home"_s) == split);
        QVERIFY(ofLink(u"sally-exit"_s) == kExpected);
        QVERIFY(isDone(m_world->configure(configuration(u"home"_s))));
        QVERIFY(ofLink(u"sally-home"_s) == everything);
        QVERIFY(ofLink(u"sally-exit"_s) == FakeResolved::Link());
        QVERIFY(isDone(m_world->configure(configuration(u"provider"_s))));
        QVERIFY(ofLink(u"sally-home"_s) == split);
        QVERIFY(ofLink(u"sally-exit"_s) == kExpected);
        QVERIFY(isDone(m_world->setIntent(kExitOff)));
        QVERIFY(ofLink(u"sally-home"_s) == split);
        QVERIFY(isDone(m_world->setIntent({{u"home"_s, false}})));
        QCOMPARE(m_resolved->mostOwners, 1);
    }

    void withTls()
    {
        begin(u"tls://a.dns.nextdns.io@45.90.28.0, tls://a.dns.nextdns.io@45.90.30.0"_s);
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        const FakeResolved::Link link = ofLink(u"sally-exit"_s);
        const QStringList servers{u"45.90.28.0#a.dns.nextdns.io"_s, u"45.90.30.0#a.dns.nextdns.io"_s};
        QCOMPARE(link.servers, servers);
        QCOMPARE(link.tls, u"yes"_s);
    }

    void resolvedThatStartsAnewIsToldAgain()
    {
        begin();
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        m_resolved->startAnew();
        QTRY_VERIFY(ofLink(u"sally-exit"_s) == kExpected);
    }

    void whatSomebodyElseChangesIsPutBack()
    {
        begin();
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        m_resolved->links[numberOf(u"sally-exit"_s)].dnssec = u"yes"_s;
        QTRY_VERIFY_WITH_TIMEOUT((void(m_world->snapshot()), ofLink(u"sally-exit"_s) == kExpected), 10000);
        m_resolved->links.clear();
        QTRY_VERIFY_WITH_TIMEOUT((void(m_world->snapshot()), ofLink(u"sally-exit"_s) == kExpected), 10000);
    }

    void resolvedBefore246IsToldWithoutNames()
    {
        begin();
        m_resolved->setMood(FakeResolved::Mood::Old);
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        QVERIFY(ofLink(u"sally-exit"_s) == kExpected);
        QVERIFY(isDone(m_world->configure(configuration(u"9.9.9.9#dns.quad9.net"_s))));
        QVERIFY(tellsOf(u"systemd-resolved refuses"_s));
    }

    void silentResolvedStopsNothingForLong()
    {
        begin();
        m_resolved->setMood(FakeResolved::Mood::Silent);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(tellsOf(u"resolver: systemd-resolved does not answer."_s));
        timer.restart();
        QVERIFY(isDone(m_world->setIntent({{u"home"_s, true}})));
        QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
        m_resolved->setMood(FakeResolved::Mood::Fine);
        m_resolved->startAnew();
        QTRY_VERIFY_WITH_TIMEOUT(ofLink(u"sally-exit"_s) == kExpected, 10000);
        QVERIFY(!tellsOf(u"does not answer"_s));
    }

    void refusalIsTold()
    {
        begin();
        m_resolved->setMood(FakeResolved::Mood::Busy);
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        QVERIFY(tellsOf(u"systemd-networkd"_s));
    }

    void anotherOwnerOfEverythingIsTold()
    {
        begin();
        m_resolved->links[1] = {{u"100.100.100.100"_s}, {u"~."_s}}; // the loopback link exists everywhere
        QVERIFY(isDone(m_world->setIntent(kExitOn)));
        QVERIFY(tellsOf(u"lo: "_s));
        QCOMPARE(m_resolved->links.at(1).servers, QStringList(u"100.100.100.100"_s));
    }

    void wrongChoiceIsRefusedAtItsPlace()
    {
        begin();
        const QDBusMessage reply = m_world->configure(configuration(u"system"_s));
        QCOMPARE(reply.type(), QDBusMessage::ErrorMessage);
        QVERIFY2(reply.errorMessage().contains(u"policy.exitDns"_s), qPrintable(reply.errorMessage()));
    }
};

QTEST_GUILESS_MAIN(HelperNamesTest)
#include "helper_names_test.moc"
