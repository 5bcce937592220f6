// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"

#include <QObject>
#include <QSocketNotifier>

#include <chrono>
#include <functional>

namespace sallyport::mesh {

/// Says that the machine has slept, also where no logind does. Nothing wakes up for it: the kernel tells when the clock
/// was set or the machine resumed, and only a sleep makes the time that was slept grow.
class ClockWatch : public QObject {
    Q_OBJECT

public:
    using Asleep = std::function<std::chrono::microseconds()>;
    static constexpr std::chrono::seconds kNoticed{30};

    explicit ClockWatch(Asleep asleep, QObject *parent = nullptr);

    void start();
    /// Looks without being told.
    void look();
    /// Somebody else has said so already.
    void forget() { m_last = m_asleep(); }

Q_SIGNALS:
    void woke();

private:
    void arm();

    Asleep m_asleep;
    std::chrono::microseconds m_last;
    FileHandle m_timer;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sallyport::mesh
