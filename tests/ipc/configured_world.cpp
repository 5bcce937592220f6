// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/configured_world.h"

#include "core/ipc/unwrap.h"
#include "core/wire/snapshot_codec.h"

#include <QDBusArgument>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 60000;

void mustBeDone(const QDBusMessage &reply)
{
    if (reply.type() != QDBusMessage::ReplyMessage)
        qFatal("%s: %s", qPrintable(reply.errorName()), qPrintable(reply.errorMessage()));
}

QByteArray networkOf(const QString &process)
{
    QByteArray target(64, '\0');
    const QByteArray link = u"/proc/%1/ns/net"_s.arg(process).toUtf8();
    target.resize(std::max<qsizetype>(readlink(link.constData(), target.data(), std::size_t(target.size())), 0));
    return target;
}

QStringList sortedLines(const QByteArray &system)
{
    static const QRegularExpression number(u"^\\d+: (?=\\S+)"_s, QRegularExpression::MultilineOption);
    // An exit without a port of its own gets another one each time.
    static const QRegularExpression anyPort(u"^sally-exit\\t\\d+$"_s, QRegularExpression::MultilineOption);
    QStringList lines = QString::fromUtf8(system).remove(number).remove(anyPort).split(u'\n');
    lines.removeAll(QString());
    lines.sort();
    return lines;
}

} // namespace

ConfiguredWorld::ConfiguredWorld()
    : polkit(std::make_unique<FakePolkit>(helper.bus.connectAs(kRoot))), caller(helper.bus, kSomebody)
{
    polkit->setReply(FakePolkit::Reply::Yes);
    const SmallSecrets secrets;
    mustBeDone(answerTo(HelperWorld::provide(caller, u"home"_s, secrets.home)));
    mustBeDone(answerTo(HelperWorld::provide(caller, u"exit/provider"_s, secrets.exit)));
    mustBeDone(configure(configuration));
    const QByteArray off = helper.system();
    mustBeDone(setIntent({{u"home"_s, true}, {u"exit"_s, true}}));
    mustBeDone(setIntent({{u"home"_s, false}, {u"exit"_s, false}}));
    if (!QTest::qWaitFor([&] { return helper.system() == off; }, kPatienceMs))
        qFatal("the world does not become clean:\n%s", helper.system().constData());
}

QDBusMessage ConfiguredWorld::answerTo(const QDBusPendingCall &call)
{
    if (!QTest::qWaitFor([&] { return call.isFinished(); }, kPatienceMs))
        qWarning("no answer");
    return call.reply();
}

QDBusMessage ConfiguredWorld::setIntent(const QVariantMap &change)
{
    return answerTo(HelperWorld::call(caller, u"SetIntent"_s, {change}));
}

QDBusMessage ConfiguredWorld::configure(const QVariantMap &wanted)
{
    return answerTo(HelperWorld::configure(caller, wanted));
}

QVariantMap ConfiguredWorld::rawSnapshot()
{
    const QDBusMessage reply = answerTo(HelperWorld::call(caller, u"GetSnapshot"_s));
    const auto plain = unwrap(qdbus_cast<QVariantMap>(reply.arguments().value(0)));
    return plain ? *plain : QVariantMap();
}

Snapshot ConfiguredWorld::decodeRaw(const QVariantMap &raw)
{
    return decodeSnapshot(raw);
}

Told ConfiguredWorld::sally(const QStringList &arguments)
{
    QProcess process;
    process.setProcessEnvironment(helper.bus.environment());
    process.setChildProcessModifier(endWithParent);
    process.start(QStringLiteral(SALLY), arguments);
    // The fake polkit answers in this thread.
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, kPatienceMs))
        qWarning("sally does not end");
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

void ConfiguredWorld::restart(const std::function<void()> &meanwhile, const HelperWorld::InChild &handicap)
{
    helper.kill();
    meanwhile();
    helper.start(handicap);
}

void ConfiguredTest::initTestCase()
{
    if (const QString obstacle = privateBusObstacle(); !obstacle.isEmpty())
        QSKIP(qPrintable(obstacle));
}

void ConfiguredTest::init()
{
    m_world = std::make_unique<ConfiguredWorld>();
}

void ConfiguredTest::cleanup()
{
    if (!m_world)
        return;
    QVERIFY2(m_world->helper.runs(), "the helper has ended");
    if (QTest::currentTestFailed())
        qWarning("%s", m_world->helper.log().constData());
    m_world.reset();
}

QString faultOfSentence(const QString &sentence)
{
    if (sentence.contains(u'\n'))
        return u"more than one line: "_s + sentence;
    if (!sentence.endsWith(u'.') || sentence.endsWith(u".."_s))
        return u"no sentence: "_s + sentence;
    if (sentence.size() > 400)
        return u"too long: "_s + sentence;
    return {};
}

QByteArray difference(const QByteArray &one, const QByteArray &other)
{
    const QStringList ones = sortedLines(one);
    const QStringList others = sortedLines(other);
    QStringList left;
    std::ranges::set_symmetric_difference(ones, others, std::back_inserter(left));
    return left.join(u'\n').toUtf8();
}

qint64 wireguardGo(const HelperWorld &world, const QString &link)
{
    const QByteArray network = networkOf(QString::number(world.processId()));
    for (const QString &process : QDir(u"/proc"_s).entryList({u"[0-9]*"_s}, QDir::Dirs)) {
        QFile file(u"/proc/%1/cmdline"_s.arg(process));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QList<QByteArray> words = file.readAll().split('\0');
        if (words.first().endsWith("/wireguard-go") && words.contains(link.toUtf8()) && networkOf(process) == network)
            return process.toLongLong();
    }
    return 0;
}

} // namespace sallyport::test
