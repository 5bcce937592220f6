// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/pause_timer.h"

#include <ctime>

namespace sallyport {

namespace {

std::chrono::nanoseconds sinceBoot()
{
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

} // namespace

PauseTimer::PauseTimer(QObject *parent) : QObject(parent)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &PauseTimer::look);
}

void PauseTimer::look()
{
    if (isOver())
        Q_EMIT ended();
    else
        m_timer.start(std::chrono::milliseconds(1));
}

void PauseTimer::start(std::chrono::seconds length)
{
    m_end = sinceBoot() + length;
    m_timer.start(length);
}

void PauseTimer::stop()
{
    m_end.reset();
    m_timer.stop();
}

bool PauseTimer::isOver() const
{
    return m_end && sinceBoot() >= *m_end;
}

} // namespace sallyport
