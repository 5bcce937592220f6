// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QObject>

namespace sallyport::mesh {

/// Says when the machine goes to sleep and when it has woken up, if logind tells. Sleep is put off until everybody who
/// listens to sleepBegan() has returned, and not a moment longer.
class SleepWatch : public QObject {
    Q_OBJECT

public:
    explicit SleepWatch(QDBusConnection bus, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void sleepBegan();
    void woke();

private Q_SLOTS:
    void prepareForSleep(bool begins);

private:
    void putOff();

    QDBusConnection m_bus;
    QDBusServiceWatcher m_logind;
    FileHandle m_lock; ///< while it is open, sleep waits for it (logind's InhibitDelayMaxSec at most)
};

} // namespace sallyport::mesh
