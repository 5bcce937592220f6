// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/configured_world.h"
#include "tests/support/random_values.h"

#include <QDBusObjectPath>
#include <QDBusUnixFileDescriptor>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <fcntl.h>
#include <random>
#include <sys/mman.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr uint kSeed = 20261121;
constexpr int kRounds = 3000;
constexpr int kSlowestMs = 5000;
constexpr unsigned kAllSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;

} // namespace

/// Thousands of random messages from somebody without permission: the real helper stays, answers and changes nothing.
class HelperNoiseTest : public QObject {
    Q_OBJECT

private:
    std::mt19937 m_random;
    RandomValues::Next m_next = [this](quint32 limit) { return quint32(m_random() % limit); };
    RandomValues m_values{m_next};
    std::unique_ptr<ConfiguredWorld> m_world;
    QByteArray m_system;
    QByteArray m_kept;

    QVariantMap document()
    {
        return m_next(2) == 0 ? m_values.map() : disturbed(m_world->configuration, m_values, m_next);
    }
    QVariantMap change()
    {
        const QVariantMap valid{{u"home"_s, true}, {u"exit"_s, false}, {u"exitName"_s, u"provider"_s},
            {u"lockdown"_s, true}, {u"pauseSeconds"_s, 60U}};
        return m_next(2) == 0 ? m_values.map() : disturbed(valid, m_values, m_next);
    }
    QDBusPendingCall anything(Caller &caller)
    {
        switch (m_next(6)) {
        case 0:
        case 1:
            return HelperWorld::configure(caller, document());
        case 2:
        case 3:
            return HelperWorld::call(caller, u"SetIntent"_s, {change()});
        case 4: {
            const QByteArray content(qsizetype(m_next(100)), char(m_next(256)));
            const auto memfd = memfdWith(content, m_next(2) == 0 ? 0 : kAllSeals);
            return HelperWorld::call(caller, u"ProvideSecret"_s, {m_values.text(), QVariant::fromValue(memfd)});
        }
        default:
            return HelperWorld::call(caller, u"Watch"_s, {m_next(2) == 0 ? QVariant(m_next(2) == 0) : m_values.map()});
        }
    }
    /// Megabytes of memory in use by the helper.
    qint64 memory()
    {
        QFile file(u"/proc/%1/statm"_s.arg(m_world->helper.processId()));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096 / 1048576 : 0;
    }
    int openDescriptors()
    {
        return int(m_world->helper.inside({u"ls"_s, u"/proc/%1/fd"_s.arg(m_world->helper.processId())}).count('\n'));
    }
    void makeNoise(int rounds);

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
            QSKIP(qPrintable(obstacle));
        bool isNumber = false;
        const uint chosen = qEnvironmentVariable("SALLYPORT_FUZZ_SEED").toUInt(&isNumber);
        m_random.seed(isNumber ? chosen : kSeed);
        qInfo("seed %u", isNumber ? chosen : kSeed);
    }
    void init()
    {
        m_world = std::make_unique<ConfiguredWorld>();
        // Everything that decodes is refused then, so nothing may ever change.
        m_world->polkit->setReply(FakePolkit::Reply::No);
        m_system = m_world->helper.system();
        m_kept = m_world->helper.kept();
    }
    void cleanup() { m_world.reset(); }

    void refusedMegabytes_areForgotten();
    void whileOff();
    void whileOn();
};

void HelperNoiseTest::makeNoise(int rounds)
{
    auto caller = std::make_unique<Caller>(m_world->helper.bus, kSomebodyElse);
    const int descriptors = openDescriptors();
    int refused = 0;
    qint64 slowest = 0;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer timer;
        timer.start();
        const QDBusPendingCall call = anything(*caller);
        QVERIFY2(QTest::qWaitFor([&] { return call.isFinished(); }, kSlowestMs), qPrintable(u"round %1"_s.arg(round)));
        slowest = std::max(slowest, timer.elapsed());
        const QString error = call.reply().errorName();
        QVERIFY2(call.reply().errorMessage().size() < 2000, "the error repeats what was sent");
        const bool ours = error.startsWith(u"org.sallyport.Error."_s) && error != u"org.sallyport.Error.Internal"_s;
        const bool buss = error == u"org.freedesktop.DBus.Error.UnknownMethod"_s
            || error == u"org.freedesktop.DBus.Error.InvalidArgs"_s;
        QVERIFY2(error.isEmpty() || ours || buss, qPrintable(u"round %1: %2"_s.arg(round).arg(error)));
        refused += error.isEmpty() ? 0 : 1;
        if (m_next(100) == 0)
            caller = std::make_unique<Caller>(m_world->helper.bus, kSomebodyElse);
    }
    QVERIFY(m_world->helper.runs());
    QVERIFY2(refused > rounds / 2, "the noise is not noisy");
    caller.reset();
    QTRY_VERIFY2(openDescriptors() <= descriptors, "descriptors are kept open");
    qInfo("%d messages, %d refused, slowest %lld ms, %lld MiB", rounds, refused, static_cast<long long>(slowest),
        static_cast<long long>(memory()));
}

/// libdbus stops reading when 63 MiB of messages are kept.
void HelperNoiseTest::refusedMegabytes_areForgotten()
{
    Caller caller(m_world->helper.bus, kSomebodyElse);
    const QVariantMap bad{{u"a"_s, QVariant::fromValue(QDBusObjectPath(u"/"_s))}, {u"z"_s, QString(1048576, u'z')}};
    for (int i = 0; i < 100; ++i) {
        const QDBusMessage reply = m_world->answerTo(HelperWorld::configure(caller, {{u"home"_s, bad}}));
        QCOMPARE(reply.errorName(), u"org.sallyport.Error.InvalidArgument"_s);
    }
}

void HelperNoiseTest::whileOff()
{
    const QVariantMap before = m_world->rawSnapshot();
    makeNoise(kRounds);
    QCOMPARE(m_world->helper.system(), m_system);
    QCOMPARE(m_world->helper.kept(), m_kept);
    QCOMPARE(m_world->rawSnapshot(), before);
    m_world->polkit->setReply(FakePolkit::Reply::Yes);
    QCOMPARE(m_world->setIntent({{u"home"_s, true}}).errorMessage(), QString());
}

void HelperNoiseTest::whileOn()
{
    m_world->polkit->setReply(FakePolkit::Reply::Yes);
    QCOMPARE(m_world->setIntent({{u"home"_s, true}, {u"exit"_s, true}}).errorMessage(), QString());
    m_world->polkit->setReply(FakePolkit::Reply::No);
    m_system = m_world->helper.system();
    m_kept = m_world->helper.kept();
    makeNoise(kRounds / 3);
    QCOMPARE(m_world->helper.system(), m_system);
    QCOMPARE(m_world->snapshot().home.phase, Phase::Up);
}

QTEST_GUILESS_MAIN(HelperNoiseTest)
#include "helper_noise_test.moc"
