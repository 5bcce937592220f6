// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "tests/ipc/configured_world.h"
#include "tests/support/random_values.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <random>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

constexpr uint kSeed = 20261122;
constexpr int kCalls = 20000;
constexpr int kAtOnce = 40; ///< fewer than the bus lets wait for answers
constexpr int kPatienceMs = 30000;
constexpr qint64 kGrowth = 16 * 1024; ///< KiB: what the allocator may keep; 4 to 9 MiB were seen
constexpr char kProperties[] = "org.freedesktop.DBus.Properties";

/// What the bus itself or QtDBus says to a message that fits nothing here.
const QStringList kRefusals{u"AccessDenied"_s, u"UnknownMethod"_s, u"UnknownInterface"_s, u"UnknownObject"_s,
    u"UnknownProperty"_s, u"InvalidArgs"_s, u"PropertyReadOnly"_s, u"LimitsExceeded"_s};

struct Odd {
    QString text;
    QList<QVariantMap> maps;
    quint64 number = 0;
};

QDBusArgument &operator<<(QDBusArgument &argument, const Odd &odd)
{
    argument.beginStructure();
    argument << odd.text << odd.maps << odd.number;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, Odd &odd)
{
    argument.beginStructure();
    argument >> odd.text >> odd.maps >> odd.number;
    argument.endStructure();
    return argument;
}

} // namespace

Q_DECLARE_METATYPE(Odd)

/// Everything that the bus can carry, to every place of the helper: any method, known or not, with any number of values
/// of any signature, by somebody without permission. helper_noise_test sends what gets further.
class HelperSignaturesTest : public QObject {
    Q_OBJECT

private:
    std::mt19937 m_random;
    RandomValues::Next m_next = [this](quint32 limit) { return quint32(m_random() % limit); };
    RandomValues m_values{m_next};
    std::unique_ptr<ConfiguredWorld> m_world;

    QString oneOf(const QStringList &texts) { return texts[qsizetype(m_next(quint32(texts.size())))]; }
    QVariant value();
    QDBusMessage message();
    void check(const QDBusPendingCall &call, int number);
    qint64 memory() const;
    int openDescriptors() const;

private Q_SLOTS:
    void initTestCase();
    void anythingAnywhere_changesNothing();
};

void HelperSignaturesTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
    qDBusRegisterMetaType<Odd>();
    qDBusRegisterMetaType<QList<Odd>>();
    qDBusRegisterMetaType<QList<QVariantMap>>();
    qDBusRegisterMetaType<QMap<QString, qlonglong>>();
    bool isNumber = false;
    const uint chosen = qEnvironmentVariable("SALLYPORT_FUZZ_SEED").toUInt(&isNumber);
    m_random.seed(isNumber ? chosen : kSeed);
    qInfo("seed %u", isNumber ? chosen : kSeed);
}

QVariant HelperSignaturesTest::value()
{
    switch (m_next(9)) {
    case 0:
    case 1:
        return m_values.map();
    case 2:
        return QVariant::fromValue(Odd{m_values.text(), {m_values.map()}, m_next(UINT32_MAX)});
    case 3:
        return QVariant::fromValue(QList<Odd>(qsizetype(m_next(50)), Odd{m_values.text(), {}, 1}));
    case 4:
        return QVariant::fromValue(QMap<QString, qlonglong>{{m_values.text(), 1}});
    case 5:
        return QVariant::fromValue(memfdWith(QByteArray(qsizetype(m_next(200)), 'k'), 0));
    case 6:
        return m_values.text();
    default:
        return m_values.any();
    }
}

QDBusMessage HelperSignaturesTest::message()
{
    const QString ours = QString::fromLatin1(kInterface);
    const QString path
        = m_next(8) != 0 ? u"/org/sallyport/Helper"_s : oneOf({u"/"_s, u"/org"_s, u"/org/sallyport/Helper/x"_s});
    const QString interface = m_next(3) != 0
        ? ours
        : oneOf({QString::fromLatin1(kProperties), QString::fromLatin1(kHelperMeshInterface),
            u"org.freedesktop.DBus.Peer"_s, u"org.freedesktop.DBus.Introspectable"_s, u"org.sallyport.Other"_s,
            QString()});
    const QString member = oneOf({u"Configure"_s, u"SetIntent"_s, u"GetSnapshot"_s, u"GetConfiguration"_s,
        u"ProvideSecret"_s, u"Watch"_s, u"AttachMesh"_s, u"Get"_s, u"Set"_s, u"GetAll"_s, u"Introspect"_s, u"Ping"_s,
        u"GetMachineId"_s, u"SnapshotChanged"_s, u"deleteLater"_s, u"version"_s, u"x"_s});
    QDBusMessage made = QDBusMessage::createMethodCall(u"org.sallyport.Helper"_s, path, interface, member);
    // The first two values of Properties' methods have to be names, or nothing behind them is ever reached.
    if (interface == QLatin1String(kProperties) && m_next(2) == 0)
        made << ours << oneOf({u"Version"_s, u"ApiVersion"_s, u"objectName"_s, m_values.text()});
    for (quint32 left = m_next(5); left > 0; --left)
        made << value();
    return made;
}

void HelperSignaturesTest::check(const QDBusPendingCall &call, int number)
{
    QVERIFY2(QTest::qWaitFor([&] { return call.isFinished(); }, kPatienceMs), qPrintable(u"call %1"_s.arg(number)));
    const QString error = call.reply().errorName();
    const bool ours = error.startsWith(u"org.sallyport.Error."_s) && error != u"org.sallyport.Error.Internal"_s;
    const bool buss = kRefusals.contains(error.section(u'.', -1));
    QVERIFY2(error.isEmpty() || ours || buss,
        qPrintable(u"call %1: %2 (%3)"_s.arg(number).arg(error, call.reply().errorMessage())));
    QVERIFY2(call.reply().errorMessage().size() < 2000, "the error repeats what was sent");
}

/// In KiB, and not shared with other programs.
qint64 HelperSignaturesTest::memory() const
{
    QFile file(u"/proc/%1/smaps_rollup"_s.arg(m_world->helper.processId()));
    qint64 sum = 0;
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith("Private_"))
            sum += line.simplified().split(' ').value(1).toLongLong();
    }
    return sum;
}

int HelperSignaturesTest::openDescriptors() const
{
    return int(m_world->helper.inside({u"ls"_s, u"/proc/%1/fd"_s.arg(m_world->helper.processId())}).count('\n'));
}

void HelperSignaturesTest::anythingAnywhere_changesNothing()
{
    m_world = std::make_unique<ConfiguredWorld>();
    m_world->polkit->setReply(FakePolkit::Reply::No);
    const QByteArray system = m_world->helper.system();
    const QByteArray kept = m_world->helper.kept();
    const QVariantMap before = m_world->rawSnapshot();
    const int descriptors = openDescriptors();
    qint64 warm = 0;
    QElapsedTimer timer;
    timer.start();
    for (int number = 0; number < kCalls; number += kAtOnce) {
        // A new caller now and then: what is held for one goes with it.
        Caller caller(m_world->helper.bus, kSomebodyElse);
        std::vector<QDBusPendingCall> calls;
        for (int i = 0; i < kAtOnce; ++i)
            calls.push_back(caller.bus().asyncCall(message(), kPatienceMs));
        for (const QDBusPendingCall &call : calls) {
            check(call, number);
            if (QTest::currentTestFailed())
                return;
        }
        // The first calls fill caches that stay.
        if (number == kCalls / 2)
            warm = memory();
    }
    QVERIFY(m_world->helper.runs());
    const qint64 after = memory();
    qInfo("%d calls in %lld ms; %lld KiB half way, %lld KiB at the end", kCalls,
        static_cast<long long>(timer.elapsed()), static_cast<long long>(warm), static_cast<long long>(after));
    const bool measurable = !qEnvironmentVariableIsSet("SALLYPORT_TEST_HELPER"); // sanitizers keep what was freed
    QVERIFY2(!measurable || (warm > 0 && after < warm + kGrowth), "the helper grows");
    QTRY_VERIFY2(openDescriptors() <= descriptors, "descriptors are kept open");
    QCOMPARE(m_world->helper.system(), system);
    QCOMPARE(m_world->helper.kept(), kept);
    QCOMPARE(m_world->rawSnapshot(), before);
    m_world->polkit->setReply(FakePolkit::Reply::Yes);
    QCOMPARE(m_world->setIntent({{u"home"_s, true}}).errorMessage(), QString());
}

QTEST_GUILESS_MAIN(HelperSignaturesTest)
#include "helper_signatures_test.moc"
