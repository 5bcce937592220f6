// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "mesh/link/message_socket.h"
#include "mesh/link/pending_requests.h"

#include <QDBusConnection>
#include <QDBusServiceWatcher>
#include <QTimer>

namespace sallyport::mesh {

/// The way to the helper: asks it for the socket, again whenever it (re)appears on the bus, and matches answers to
/// questions. Never starts the helper.
class HelperLink : public QObject {
    Q_OBJECT

public:
    explicit HelperLink(QDBusConnection bus, QObject *parent = nullptr);

    void start();
    bool isAttached() const { return m_socket != nullptr; }
    /// What needs no answer. Lost if there is no helper.
    void tell(const meshlink::ToHelper &message);
    /// `settle` is called later, never from here: with the answer, or with nothing if there is none within `limit`.
    template<class Question>
    void ask(Question question, std::chrono::milliseconds limit, PendingRequests::Settle settle)
    {
        question.request = expect(limit, std::move(settle));
        tell(question);
    }

Q_SIGNALS:
    void attached();
    void lost();
    /// What was not asked for.
    void heard(const sallyport::meshlink::ToMesh &message);

private:
    quint32 expect(std::chrono::milliseconds limit, PendingRequests::Settle settle);
    void armLimit();
    void attach();
    void attachAgain();
    void ownerChanged(const QString &name, const QString &oldOwner, const QString &newOwner);
    void take(const QDBusMessage &reply);
    void taken(const meshlink::ToMesh &message);
    void drop(const QString &reason);

    QDBusConnection m_bus;
    QDBusServiceWatcher m_owner;
    QTimer m_retry;
    QTimer m_limit;
    std::chrono::milliseconds m_patience;
    PathTime m_since; ///< attached
    bool m_isAsking = false;
    bool m_hasOwner = false;
    std::unique_ptr<MessageSocket> m_socket;
    PendingRequests m_pending;
};

} // namespace sallyport::mesh
