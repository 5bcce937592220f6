// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QObject>

namespace sallyport {

/// Says when the machine has woken up: other networks may be there then, and whatever happened to settings and files
/// meanwhile was announced to nobody.
class SleepWatch : public QObject {
    Q_OBJECT

public:
    explicit SleepWatch(QDBusConnection bus, QObject *parent = nullptr);

Q_SIGNALS:
    void woke();

private Q_SLOTS:
    void prepareForSleep(bool begins);
};

} // namespace sallyport
