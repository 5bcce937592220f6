// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QLocalServer>
#include <QLockFile>
#include <QObject>

#include <optional>

namespace sallyport {

/// One application per session: whoever owns org.sallyport.Sallyport on the session bus, or, without one, a lock file
/// below `folder`. The one that comes second tells the first to come forward.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    /// `token` lets the first one take the focus (XDG activation); empty is fine.
    SingleInstance(const QDBusConnection &session, const QString &folder, QObject *parent = nullptr);

    /// True: we are the first, raiseRequested() tells of later ones.
    bool claim();
    /// For the second: asks the first to show its window; finished() when it was told or could not be.
    void raiseFirst(const QString &token);

Q_SIGNALS:
    void raiseRequested(const QString &token);
    void finished(bool told);

private:
    bool claimName();
    bool claimLock();
    void raiseByBus(const QString &token);
    void raiseBySocket(const QString &token);
    void readToken();

    QDBusConnection m_session;
    QString m_folder;
    QLockFile m_lock;
    QLocalServer m_server;
};

} // namespace sallyport
