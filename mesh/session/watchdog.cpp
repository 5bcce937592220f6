// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/session/watchdog.h"

namespace sallyport::mesh {

Watchdog::Watchdog(ServiceManager manager, QObject *parent) : QObject(parent), m_manager(std::move(manager))
{
    m_atRest = m_manager.patience().value_or(std::chrono::microseconds(0));
    m_beat.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_beat, &QTimer::timeout, this, &Watchdog::beat);
    if (m_atRest.count() > 0)
        wait(m_atRest);
}

void Watchdog::setBusy(bool busy)
{
    if (m_atRest.count() <= 0 || busy == std::exchange(m_isBusy, busy))
        return;
    wait(busy ? std::min<std::chrono::microseconds>(kBusy, m_atRest) : m_atRest);
}

/// sd_notify(3): a time of its own replaces the one in the unit.
void Watchdog::wait(std::chrono::microseconds limit)
{
    m_manager.tell("WATCHDOG_USEC=" + QByteArray::number(qlonglong(limit.count())) + '\n');
    m_beat.start(std::chrono::duration_cast<std::chrono::milliseconds>(limit / 2));
    beat();
}

void Watchdog::beat()
{
    m_manager.tell("WATCHDOG=1\n");
}

} // namespace sallyport::mesh
