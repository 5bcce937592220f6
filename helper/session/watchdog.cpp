// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/session/watchdog.h"

#include <QAbstractEventDispatcher>
#include <QCoreApplication>

namespace sallyport {

Watchdog::Watchdog(ServiceManager manager, QObject *parent) : QObject(parent), m_manager(std::move(manager))
{
    const auto limit = m_manager.patience();
    const QAbstractEventDispatcher *loop = QAbstractEventDispatcher::instance();
    if (!limit || !loop)
        return;
    m_limit = QByteArray::number(qlonglong(limit->count()));
    m_beat.setTimerType(Qt::VeryCoarseTimer);
    // A little more than half: the helper's own looks, every 30 s of the usual 60 s, come first and are a beat each.
    m_beat.setInterval(std::chrono::duration_cast<std::chrono::milliseconds>(*limit * 11 / 20));
    connect(&m_beat, &QTimer::timeout, this, &Watchdog::beat);
    // Not awake(): where Qt runs on GLib's loop it comes after the work.
    QCoreApplication::instance()->installEventFilter(this);
    connect(loop, &QAbstractEventDispatcher::aboutToBlock, this, [this] {
        if (!m_needed)
            disarm();
        else if (m_beat.remainingTime() < m_beat.interval() / 2)
            beat();
    });
}

void Watchdog::setNeeded(bool needed)
{
    if (needed == m_needed)
        return;
    m_needed = needed;
    if (m_limit.isEmpty())
        return;
    if (needed) {
        arm();
        m_beat.start();
    } else {
        m_beat.stop();
    }
}

bool Watchdog::eventFilter(QObject *receiver, QEvent *event)
{
    arm();
    return QObject::eventFilter(receiver, event);
}

void Watchdog::beat()
{
    m_manager.tell("WATCHDOG=1\n");
    m_beat.start();
}

void Watchdog::arm()
{
    if (!std::exchange(m_armed, true))
        m_manager.tell("WATCHDOG_USEC=" + m_limit + "\nWATCHDOG=1\n");
}

/// sd_notify(3): a time of its own replaces the one in the unit; none switches the watch off.
void Watchdog::disarm()
{
    if (std::exchange(m_armed, false))
        m_manager.tell("WATCHDOG_USEC=0\n");
}

} // namespace sallyport
