// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace sallyport {

/// When a pause is over. Counts the time in which the machine sleeps (CLOCK_BOOTTIME), and is not moved by whoever sets
/// the clock on the wall.
class PauseTimer : public QObject {
    Q_OBJECT

public:
    explicit PauseTimer(QObject *parent = nullptr);

    void start(std::chrono::seconds length);
    void stop();
    /// A pause was started and its time is up; timers stand still during sleep, so ask when the machine wakes up, too.
    bool isOver() const;

Q_SIGNALS:
    void ended();

private:
    void look();

    QTimer m_timer;
    std::optional<std::chrono::nanoseconds> m_end; ///< since boot
};

} // namespace sallyport
