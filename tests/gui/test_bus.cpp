// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/gui/test_bus.h"

#include <QCoreApplication>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QFile>
#include <QTest>

#include <atomic>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;

QString fakeHelper()
{
    return QCoreApplication::applicationDirPath() + u"/fake_helper"_s;
}

void write(const QString &path, const QString &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0)
        qFatal("cannot write %s", qPrintable(path));
}

QString busConfiguration(const QString &folder)
{
    return uR"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%1/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>%1</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)"_s.arg(folder);
}

} // namespace

TestBus::TestBus(const QStringList &activatable)
{
    write(m_folder.filePath(u"bus.conf"_s), busConfiguration(m_folder.path()));
    if (!activatable.isEmpty())
        write(m_folder.filePath(u"org.sallyport.Helper.service"_s),
            u"[D-BUS Service]\nName=org.sallyport.Helper\nExec="_s + fakeHelper() + u' ' + activatable.join(u' ')
                + u'\n');
    m_daemon.setStandardErrorFile(m_folder.filePath(u"bus.log"_s));
    m_daemon.start(u"dbus-daemon"_s,
        {u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s,
            u"--config-file="_s + m_folder.filePath(u"bus.conf"_s)});
    if (!m_daemon.waitForReadyRead(kPatienceMs))
        qFatal("dbus-daemon does not start: %s", qPrintable(m_daemon.errorString()));
    m_address = u"unix:path="_s + m_folder.filePath(u"bus"_s);
}

TestBus::~TestBus()
{
    for (const QString &name : m_connections)
        QDBusConnection::disconnectFromBus(name);
    kill();
}

QDBusConnection TestBus::connect()
{
    static std::atomic<int> number = 0;
    m_connections += u"test-bus-"_s + QString::number(++number);
    QDBusConnection connection = QDBusConnection::connectToBus(m_address, m_connections.last());
    if (!connection.isConnected())
        qFatal("cannot connect: %s", qPrintable(connection.lastError().message()));
    return connection;
}

void TestBus::kill()
{
    m_daemon.kill();
    m_daemon.waitForFinished(kPatienceMs);
}

FakeHelperProcess::FakeHelperProcess(TestBus &bus, const QStringList &arguments) : m_bus(bus.connect())
{
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    m_process.start(fakeHelper(), QStringList{u"--bus"_s, bus.address()} + arguments);
    const auto owned = [this] { return m_bus.interface()->isServiceRegistered(u"org.sallyport.Helper"_s).value(); };
    if (!QTest::qWaitFor(owned, kPatienceMs))
        qFatal("the fake helper does not start");
}

FakeHelperProcess::~FakeHelperProcess()
{
    kill();
}

void FakeHelperProcess::play(const QString &scenario)
{
    call(u"Play"_s, {scenario});
}

void FakeHelperProcess::release(bool reversed)
{
    call(u"Release"_s, {reversed});
}

void FakeHelperProcess::emitGarbage()
{
    call(u"EmitGarbage"_s);
}

void FakeHelperProcess::emitOld()
{
    call(u"EmitOld"_s);
}

void FakeHelperProcess::emitCounters(qulonglong receivedBytes)
{
    call(u"EmitCounters"_s, {receivedBytes});
}

void FakeHelperProcess::shakeHands()
{
    call(u"ShakeHands"_s);
}

QStringList FakeHelperProcess::devices()
{
    return call(u"Devices"_s).value(0).toStringList();
}

QStringList FakeHelperProcess::log()
{
    return call(u"Log"_s).value(0).toStringList();
}

void FakeHelperProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished(kPatienceMs);
}

QVariantList FakeHelperProcess::call(const QString &method, const QVariantList &arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(
        u"org.sallyport.Helper"_s, u"/org/sallyport/FakeHelper"_s, u"org.sallyport.FakeHelper"_s, method);
    message.setArguments(arguments);
    const QDBusMessage reply = m_bus.call(message, QDBus::Block, kPatienceMs);
    if (reply.type() != QDBusMessage::ReplyMessage)
        qFatal("fake helper: %s: %s", qPrintable(method), qPrintable(reply.errorMessage()));
    return reply.arguments();
}

QProcessEnvironment environmentWith(const QString &sessionAddress, const QString &systemAddress)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SESSION_BUS_ADDRESS"_s, sessionAddress);
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, systemAddress);
    return environment;
}

} // namespace sallyport::test
