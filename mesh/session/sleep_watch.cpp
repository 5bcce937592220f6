// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/session/sleep_watch.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusUnixFileDescriptor>

#include <fcntl.h>

namespace sallyport::mesh {

using namespace Qt::StringLiterals;

namespace {

const QString &logind()
{
    static const QString name = u"org.freedesktop.login1"_s;
    return name;
}

} // namespace

SleepWatch::SleepWatch(QDBusConnection bus, QObject *parent)
    : QObject(parent), m_bus(std::move(bus)), m_logind(logind(), m_bus, QDBusServiceWatcher::WatchForRegistration)
{
    connect(&m_logind, &QDBusServiceWatcher::serviceRegistered, this, &SleepWatch::putOff);
    // Only from the owner of logind's name: anybody may send a signal that looks like this one.
    m_bus.connect(logind(), u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s,
        this, SLOT(prepareForSleep(bool)));
}

void SleepWatch::start()
{
    putOff();
}

void SleepWatch::putOff()
{
    QDBusMessage call = QDBusMessage::createMethodCall(
        logind(), u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
    call << u"sleep"_s << u"Sallyport"_s << u"Notes where the other devices are reached"_s << u"delay"_s;
    call.setAutoStartService(false);
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        watcher->deleteLater();
        const QList<QVariant> values = watcher->reply().arguments();
        const auto lock = values.value(0).value<QDBusUnixFileDescriptor>();
        if (watcher->reply().type() == QDBusMessage::ReplyMessage && lock.isValid())
            m_lock = FileHandle(fcntl(lock.fileDescriptor(), F_DUPFD_CLOEXEC, 0));
    });
}

void SleepWatch::prepareForSleep(bool begins)
{
    if (begins) {
        Q_EMIT sleepBegan();
        m_lock.reset();
    } else {
        putOff();
        Q_EMIT woke();
    }
}

} // namespace sallyport::mesh
