// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ipc/cli_world.h"

#include "core/ipc/unwrap.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimer>

#include <fcntl.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

QVariantMap plain(const QVariantMap &received)
{
    const auto map = unwrap(received);
    if (!map)
        qFatal("%s", qPrintable(map.error().detail));
    return *map;
}

} // namespace

CliHelper::CliHelper(const QDBusConnection &bus) : m_bus(bus)
{
    const auto all
        = QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals | QDBusConnection::ExportAllProperties;
    if (!m_bus.registerObject(u"/org/sallyport/Helper"_s, this, all)
        || !m_bus.registerService(u"org.sallyport.Helper"_s))
        qFatal("the helper's name cannot be had");
}

CliHelper::~CliHelper()
{
    m_bus.unregisterService(u"org.sallyport.Helper"_s);
    m_bus.unregisterObject(u"/org/sallyport/Helper"_s);
}

bool CliHelper::isRefused()
{
    if (refuseWith.isEmpty())
        return false;
    sendErrorReply(u"org.sallyport.Error."_s + refuseWith, u"The test says no."_s);
    return true;
}

void CliHelper::Configure(const QVariantMap &map)
{
    if (isRefused())
        return;
    ++configureCalls;
    configuration = plain(map);
    publish();
}

void CliHelper::SetIntent(const QVariantMap &change)
{
    intents += plain(change);
    if (isRefused())
        return;
    m_home = change.value(u"home"_s, m_home).toBool();
    m_exit = change.value(u"exit"_s, m_exit).toBool();
    m_exitName = change.value(u"exitName"_s, m_exitName).toString();
    m_exitAnswers = m_exit && answersAfter && answersAfter->count() == 0;
    publish();
    if (m_exit && answersAfter && !m_exitAnswers)
        QTimer::singleShot(*answersAfter, this, [this] {
            m_exitAnswers = true;
            publish();
        });
}

QVariantMap CliHelper::GetSnapshot()
{
    const QString exitPhase = !m_exit ? u"off"_s : m_exitAnswers ? u"up"_s : u"starting"_s;
    const QString guard = !m_exit ? u"open"_s : m_exitAnswers ? u"connected"_s : u"connecting"_s;
    QVariantMap map{{u"revision"_s, qulonglong(m_revision)}, {u"helper"_s, QVariantMap{{u"version"_s, version()}}},
        {u"home"_s,
            QVariantMap{{u"configured"_s, true}, {u"enabled"_s, m_home}, {u"phase"_s, m_home ? u"up"_s : u"off"_s}}},
        {u"exit"_s, QVariantMap{{u"enabled"_s, m_exit}, {u"phase"_s, exitPhase}, {u"name"_s, m_exitName}}},
        {u"guard"_s, QVariantMap{{u"state"_s, guard}, {u"sentence"_s, u"As the test says."_s}}}};
    map.insert(snapshot);
    return map;
}

QVariantMap CliHelper::GetConfiguration()
{
    return configuration;
}

void CliHelper::ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd)
{
    if (isRefused())
        return;
    QFile file;
    if (file.open(memfd.fileDescriptor(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle))
        secrets[name] = {file.readAll(), ::fcntl(memfd.fileDescriptor(), F_GET_SEALS)};
}

void CliHelper::Watch(bool on)
{
    watched = on;
}

void CliHelper::publish()
{
    ++m_revision;
    Q_EMIT SnapshotChanged(GetSnapshot());
}

void Sally::start(const QStringList &arguments, const QByteArray &input)
{
    startThrough({}, arguments, input);
}

void Sally::startThrough(const QStringList &prefix, const QStringList &arguments, const QByteArray &input)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, m_address);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    m_process.setProcessEnvironment(environment);
    const QStringList line = prefix + QStringList{QCoreApplication::applicationDirPath() + u"/sally"_s} + arguments;
    m_timer.start();
    m_process.start(line.first(), line.mid(1));
    m_process.write(input);
    m_process.closeWriteChannel();
}

Ran Sally::finish()
{
    // Not waitForFinished(): the helper that it talks to lives in this event loop.
    const bool ended = QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, 30000);
    if (!ended) {
        m_process.kill();
        qFatal("sally does not end");
    }
    Ran ran;
    ran.code = m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    ran.out = QString::fromUtf8(m_process.readAllStandardOutput());
    ran.err = QString::fromUtf8(m_process.readAllStandardError());
    ran.took = std::chrono::milliseconds(m_timer.elapsed());
    return ran;
}

Ran Sally::run(const QStringList &arguments, const QByteArray &input)
{
    start(arguments, input);
    return finish();
}

QVariantMap json(const Ran &ran)
{
    return QJsonDocument::fromJson(ran.out.toUtf8()).object().toVariantMap();
}

} // namespace sallyport::test
