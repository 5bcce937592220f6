// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/reconciler.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/sample_configuration.h"
#include "tests/support/sample_others.h"

#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

class ReconcilerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_kernel = FakeKernel();
        m_kernel.state.uplinks = sample::homeLan();
        QVERIFY(m_reconciler.reconcile(m_configuration, kBoth, m_secrets));
    }

    void removedRulesArePutBack_fiveTimes()
    {
        const std::vector<Rule> complete = m_kernel.state.rules;
        for (int i = 0; i < 5; ++i) {
            m_kernel.state.rules.erase(m_kernel.state.rules.begin() + i);
            QVERIFY(repair());
            QCOMPARE(m_kernel.state.rules, complete);
            QVERIFY(!m_reconciler.rest());
            QVERIFY(m_reconciler.discomforts().empty());
        }
        m_kernel.state.rules.erase(m_kernel.state.rules.begin());
        QVERIFY(repair());
        QCOMPARE(m_kernel.state.rules.size(), complete.size() - 1);
        QVERIFY(m_reconciler.rest() > std::chrono::seconds(50));
        QCOMPARE(m_reconciler.discomforts().size(), std::size_t(1));
    }

    void whileRulesRest_everythingElseIsPutRight()
    {
        fight();
        m_kernel.state.routes.clear();
        m_kernel.state.tables.clear();
        QVERIFY(repair());
        QVERIFY(!m_kernel.state.routes.empty());
        QVERIFY(std::ranges::find(m_kernel.state.tables, QLatin1StringView(kGuardTable), &ObservedTable::name)
            != m_kernel.state.tables.end());
        QVERIFY(m_kernel.state.rules.empty());
    }

    void aPersonsRequestEndsTheRest()
    {
        fight();
        QVERIFY(m_reconciler.reconcile(m_configuration, kBoth, m_secrets));
        QVERIFY(!m_kernel.state.rules.empty());
        QVERIFY(!m_reconciler.rest());
        QVERIFY(m_reconciler.discomforts().empty());
    }

    void changesThatTouchNoRule_countAsNoRepair()
    {
        for (int i = 0; i < 20; ++i) {
            m_kernel.state.uplinks = i % 2 == 0 ? sample::hotel() : sample::homeLan();
            QVERIFY(repair());
        }
        QVERIFY(!m_reconciler.rest());
    }

    void anotherNetwork_makesWireguardGoChooseItsSourceAgain_andNoEndpointIsTouched()
    {
        for (ObservedLink &link : m_kernel.state.links)
            link.backend = Backend::Userspace;
        QVERIFY(repair());
        m_reconciler.setMesh({true, {}});
        m_kernel.log.clear();
        m_kernel.state.uplinks = sample::hotel();
        QVERIFY(repair());
        QStringList marks;
        for (const Operation &operation : m_kernel.log) {
            const auto *change = std::get_if<ConfigureWireGuard>(&operation);
            if (change && change->mark)
                marks += QString::number(*change->mark, 16);
            QVERIFY(!change || std::ranges::all_of(change->peers, [](const auto &peer) { return !peer.endpoint; }));
        }
        QCOMPARE(marks, (QStringList{u"a1000001"_s, u"a1000000"_s, u"a2000001"_s, u"a2000000"_s}));
        m_kernel.log.clear();
        QVERIFY(repair());
        QVERIFY(m_kernel.log.empty());
    }

    void whileMeshdIsThere_noEndpointFollowsTheNetwork()
    {
        m_reconciler.setMesh({true, {}});
        const auto before = m_kernel.link(u"sally-home"_s)->peers;
        m_kernel.state.uplinks = sample::hotel();
        QVERIFY(repair());
        QCOMPARE(m_kernel.link(u"sally-home"_s)->peers, before);
        m_reconciler.setMesh({});
        QVERIFY(repair());
        QVERIFY(m_kernel.link(u"sally-home"_s)->peers != before);
    }

    void rulesMoveAboveWhoCapturesThem_andBack()
    {
        const std::vector<Rule> usual = m_kernel.state.rules;
        m_kernel.state.others = sample::together(sample::kernelItself(), sample::wgQuick(5099));
        QVERIFY(repair());
        QCOMPARE(m_kernel.state.rules.size(), usual.size());
        QCOMPARE(m_kernel.state.rules.front().preference, 5079u);
        QVERIFY(repair());
        m_kernel.state.others = sample::kernelItself();
        QVERIFY(repair());
        QCOMPARE(m_kernel.state.rules, usual);
    }

private:
    static inline const Intent kBoth{true, true, u"se"_s, false};

    bool repair() { return bool(m_reconciler.repair(m_configuration, kBoth, m_secrets)); }

    /// Somebody takes all rules away, again and again.
    void fight()
    {
        for (int i = 0; i < 6; ++i) {
            m_kernel.state.rules.clear();
            QVERIFY(repair());
        }
        QVERIFY(m_reconciler.rest());
    }

    const Configuration m_configuration = sample::configuration();
    const KnownSecrets m_secrets = sample::secrets(m_configuration);
    FakeKernel m_kernel;
    Reconciler m_reconciler{m_kernel};
};

QTEST_GUILESS_MAIN(ReconcilerTest)
#include "reconciler_test.moc"
