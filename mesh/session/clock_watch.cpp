// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/session/clock_watch.h"

#include <sys/timerfd.h>
#include <unistd.h>

namespace sallyport::mesh {

ClockWatch::ClockWatch(Asleep asleep, QObject *parent)
    : QObject(parent), m_asleep(std::move(asleep)), m_last(m_asleep())
{
}

void ClockWatch::start()
{
    m_timer = FileHandle(timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!m_timer)
        return;
    m_notifier = std::make_unique<QSocketNotifier>(m_timer.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        quint64 expirations = 0;
        // ECANCELED: the clock is another one now, by a hand or by a sleep (timerfd_create(2)).
        [[maybe_unused]] const auto size = ::read(m_timer.get(), &expirations, sizeof expirations);
        arm();
        look();
    });
    arm();
}

/// For a time that never comes: only the cancelling is of interest.
void ClockWatch::arm()
{
    itimerspec never{};
    never.it_value.tv_sec = 1L << 40;
    timerfd_settime(m_timer.get(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
}

void ClockWatch::look()
{
    const auto asleep = m_asleep();
    if (asleep - std::exchange(m_last, asleep) >= kNoticed)
        Q_EMIT woke();
}

} // namespace sallyport::mesh
