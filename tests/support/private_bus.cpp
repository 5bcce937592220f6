// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/private_bus.h"

#include <QDBusConnectionInterface>
#include <QFile>
#include <QFileInfo>
#include <QtDebug>

#include <atomic>
#include <csignal>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kPatienceMs = 10000;

// The rules of /usr/share/dbus-1/system.conf, written anew; root may stand in for polkitd, nobody for
// the user of meshd.
QByteArray configuration(const QString &folder)
{
    return QString(uR"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <auth>EXTERNAL</auth>
  <listen>unix:path=%1/bus</listen>
  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <allow send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
    <allow send_destination="org.sallyport.Mesh" send_interface="org.sallyport.Mesh1"/>
  </policy>
  <policy user="root">
    <allow own="org.freedesktop.PolicyKit1"/>
    <allow own="org.freedesktop.login1"/>
    <allow own="org.freedesktop.NetworkManager"/>
    <allow own="org.freedesktop.resolve1"/>
    <allow send_destination="org.freedesktop.login1"/>
    <allow send_destination="org.freedesktop.NetworkManager"/>
    <allow send_destination="org.freedesktop.resolve1"/>
    <allow send_interface="org.freedesktop.PolicyKit1.AuthenticationAgent"/>
  </policy>
  <include ignore_missing="yes">/usr/share/dbus-1/system.d/org.freedesktop.PolicyKit1.conf</include>
  <policy user="nobody">
    <allow own="org.sallyport.Mesh"/>
    <allow send_type="signal" send_interface="org.sallyport.Mesh1"/>
  </policy>
  <include>%2/resources/dbus/org.sallyport.Helper.conf</include>
  <include>%2/resources/dbus/org.sallyport.Mesh.conf</include>
</busconfig>
)"_s)
        .arg(folder, QStringLiteral(SOURCE_DIR))
        .toUtf8();
}

} // namespace

QString privateBusObstacle()
{
    if (geteuid() != 0)
        return u"needs root, to connect as several users"_s;
    if (!QFileInfo::exists(u"/usr/bin/dbus-daemon"_s))
        return u"needs dbus-daemon"_s;
    return {};
}

void endWithParent()
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

PrivateBus::PrivateBus()
{
    chmod(QFile::encodeName(folder()).constData(), 0755);
    QFile file(folder() + u"/bus.conf"_s);
    if (!file.open(QIODevice::WriteOnly) || file.write(configuration(folder())) < 0)
        qFatal("cannot write %s", qPrintable(file.fileName()));
    file.close();
    m_daemon.setStandardErrorFile(folder() + u"/bus.log"_s);
    m_daemon.setChildProcessModifier(endWithParent);
    m_daemon.start(u"/usr/bin/dbus-daemon"_s,
        {u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s, u"--config-file="_s + file.fileName()});
    if (!m_daemon.waitForReadyRead(kPatienceMs))
        qFatal("dbus-daemon does not start: %s", qPrintable(m_daemon.errorString()));
}

PrivateBus::~PrivateBus()
{
    stop();
}

void PrivateBus::stop()
{
    m_daemon.kill();
    m_daemon.waitForFinished(kPatienceMs);
}

QString PrivateBus::address() const
{
    return u"unix:path="_s + folder() + u"/bus"_s;
}

QProcessEnvironment PrivateBus::environment() const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"DBUS_SYSTEM_BUS_ADDRESS"_s, address());
    return environment;
}

QDBusConnection PrivateBus::connectAs(uid_t user) const
{
    static std::atomic<int> number = 0;
    const QString name = u"test-"_s + QString::number(++number);
    if (seteuid(user) != 0)
        qFatal("cannot act as user %u", user);
    const QDBusConnection connection = QDBusConnection::connectToBus(address(), name);
    if (seteuid(0) != 0)
        qFatal("cannot become root again");
    if (!connection.isConnected())
        qFatal("cannot connect: %s", qPrintable(connection.lastError().message()));
    return connection;
}

bool PrivateBus::hasOwner(const QString &name) const
{
    const QDBusConnection connection = connectAs(kRoot);
    const bool owned = connection.interface()->isServiceRegistered(name);
    QDBusConnection::disconnectFromBus(connection.name());
    return owned;
}

void Caller::leave()
{
    if (!m_bus.isConnected())
        return;
    const QString name = m_bus.name();
    m_bus = QDBusConnection(u"nobody-has-this-name"_s);
    QDBusConnection::disconnectFromBus(name);
}

} // namespace sallyport::test
