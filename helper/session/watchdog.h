// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ipc/service_manager.h"

#include <QObject>
#include <QTimer>

namespace sallyport {

/// Lets the service manager end and restart a helper whose main loop no longer turns: whenever the loop wakes up it says
/// so itself, and a timer of that very loop wakes it up if nothing else does. While nothing is switched on the manager
/// only waits as long as the loop is at work, so that nobody has to wake up to say that there is nothing to do.
class Watchdog : public QObject {
    Q_OBJECT

public:
    /// Lives in the thread whose loop it reports on. Does nothing if the manager does not wait for us.
    explicit Watchdog(ServiceManager manager, QObject *parent = nullptr);

    /// Whether something is switched on.
    void setNeeded(bool needed);
    /// Sees each event before whoever it is for.
    bool eventFilter(QObject *receiver, QEvent *event) override;

private:
    void beat();
    void arm();
    void disarm();

    ServiceManager m_manager;
    QByteArray m_limit; ///< in microseconds; empty: nobody waits
    QTimer m_beat;
    bool m_needed = false;
    bool m_armed = true; ///< as it is when the manager has started us
};

} // namespace sallyport
