// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/plan/ruleset.h"
#include "helper/kernel/nft/table_monitor.h"
#include "helper/probe/activity_watch.h"
#include "tests/lab/kernel/kernel_test.h"

#include <QSignalSpy>

#include <memory>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using probe::ActivityWatch;

namespace {

constexpr int kSilence = 300; ///< ms; notices take less than one

bool knows(const QString &address)
{
    return succeeds(u"ping -c 1 -W 1 "_s.append(address).split(u' '));
}

} // namespace

/// A cable in place of the tunnel: all that is looked at is the name of the interface.
class ActivityWatchTest : public KernelTest {
    Q_OBJECT

private:
    std::unique_ptr<ActivityWatch> m_watch;

    void prepare() override
    {
        run(u"ip netns add far"_s.split(u' '));
        run(u"ip link add sally-home type veth peer name far0 netns far"_s.split(u' '));
        for (const QString &command : {u"ip addr add 10.42.1.2/16 dev sally-home"_s, u"ip link set sally-home up"_s,
                 u"ip netns exec far ip addr add 10.42.1.4/16 dev far0"_s, u"ip netns exec far ip link set far0 up"_s,
                 u"ip netns exec far ip link set lo up"_s})
            run(command.split(u' '));
        QVERIFY(QTest::qWaitFor([] { return knows(u"10.42.1.4"_s); }, 10000));
    }

private Q_SLOTS:
    void init() { m_watch = std::make_unique<ActivityWatch>(); }

    void firstPacketOut_isToldOnce()
    {
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        VERIFY_DONE(m_watch->arm());
        QVERIFY(!told.wait(kSilence));
        QVERIFY(knows(u"10.42.1.4"_s));
        QVERIFY(told.size() == 1 || told.wait(kSilence));
        QVERIFY(knows(u"10.42.1.4"_s));
        QVERIFY(!told.wait(kSilence));
        QCOMPARE(told.size(), 1);
    }

    void firstPacketIn_isTold()
    {
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        VERIFY_DONE(m_watch->arm());
        run(u"ip netns exec far ping -c 1 -W 1 10.42.1.2"_s.split(u' '));
        QVERIFY(told.size() == 1 || told.wait(kSilence));
    }

    void askedAgain_isToldAgain()
    {
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        for (int i = 1; i <= 20; ++i) {
            VERIFY_DONE(m_watch->arm());
            QVERIFY(knows(u"10.42.1.4"_s));
            QVERIFY(told.size() == i || told.wait(kSilence));
            QVERIFY(knows(u"10.42.1.4"_s)); // not asked for
            QCOMPARE(told.size(), i);
        }
        VERIFY_DONE(m_watch->arm());
        QVERIFY(!told.wait(kSilence)); // what passed before it was asked for does not count
    }

    void otherInterfacesAndMulticast_areNotTold()
    {
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        VERIFY_DONE(m_watch->arm());
        QVERIFY(knows(u"127.0.0.1"_s));
        (void)succeeds(u"ping -c 1 -W 1 -I sally-home 224.0.0.251"_s.split(u' '));
        (void)succeeds(u"ping -c 1 -W 1 -I sally-home ff02::fb"_s.split(u' '));
        QVERIFY(!told.wait(kSilence));
    }

    void others_canNeitherChangeNorFlushIt()
    {
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        VERIFY_DONE(m_watch->arm());
        run(u"nft flush ruleset"_s.split(u' '));
        QVERIFY(!succeeds(u"nft delete table inet sallyport_activity"_s.split(u' ')));
        QVERIFY(knows(u"10.42.1.4"_s));
        QVERIFY(told.size() == 1 || told.wait(kSilence));
    }

    void nothingIsLeft()
    {
        VERIFY_DONE(m_watch->arm());
        QVERIFY(run(u"nft list tables"_s.split(u' ')).contains("sallyport_activity"));
        m_watch.reset();
        QCOMPARE(run(u"nft list tables"_s.split(u' ')), QByteArray());
    }

    void monitorOfOurTables_takesItForNobodysMeddling()
    {
        VERIFY_DONE(m_kernel.execute(ReplaceTable{plumbingTable({})}));
        nft::TableMonitor monitor({QLatin1StringView(kPlumbingTable)}, m_kernel.tableSocket());
        VERIFY_DONE(monitor.start());
        QSignalSpy touched(&monitor, &nft::TableMonitor::touched);
        QSignalSpy told(m_watch.get(), &ActivityWatch::began);
        for (int i = 1; i <= 3; ++i) {
            VERIFY_DONE(m_watch->arm());
            QVERIFY(knows(u"10.42.1.4"_s));
            QVERIFY(told.size() == i || told.wait(kSilence));
        }
        m_watch.reset();
        QVERIFY(!touched.wait(kSilence));
        run(u"nft add chain inet sallyport meddled"_s.split(u' '));
        QVERIFY(touched.wait(kSilence));
        VERIFY_DONE(m_kernel.execute(DeleteTable{QLatin1StringView(kPlumbingTable)}));
    }

    void observedState_callsItNobodyElses()
    {
        VERIFY_DONE(m_watch->arm());
        const Result<ObservedState> state = m_kernel.observe();
        VERIFY_DONE(state);
        QVERIFY(state->others.tables.empty());
        QVERIFY(state->tables.empty());
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<ActivityWatchTest>(argc, argv);
}

#include "activity_watch_test.moc"
