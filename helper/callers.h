// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QObject>

#include <set>

namespace sallyport {

/// The programs for which something is held, by unique name. Says when one leaves the bus, also when it had left
/// before anybody looked: a program may send a message and end.
class Callers : public QObject {
    Q_OBJECT

public:
    Callers(const QDBusConnection &bus, std::size_t limit, QObject *parent = nullptr);

    /// False: there are too many already.
    bool add(const QString &name);
    void remove(const QString &name);
    std::size_t size() const { return m_names.size(); }

Q_SIGNALS:
    /// It has been removed already.
    void left(const QString &name);

private:
    void askFor(const QString &name);
    void leave(const QString &name);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    std::set<QString> m_names;
    std::size_t m_limit;
};

} // namespace sallyport
