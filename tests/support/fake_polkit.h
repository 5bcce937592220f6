// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QHash>
#include <QStringList>

#include <vector>

namespace sallyport::test {

/// Stands in for polkitd: owns its name and answers CheckAuthorization as the test has said. Enough of the real
/// interface for libpolkit-gobject (properties, EnumerateActions).
class FakePolkit : public QDBusVirtualObject {
    Q_OBJECT

public:
    enum class Reply {
        Yes,
        No,
        Challenge, ///< somebody would have to authenticate, and there is no agent
        Dismissed, ///< the person closed the dialog
        Wait, ///< a dialog is open until tell() or until the check is cancelled
        Fail, ///< an error instead of an answer
        Nonsense, ///< a reply of another type
    };
    struct Check {
        QString subjectKind;
        QString busName;
        QString action;
        uint flags = 0;
        QString cancellationId;
        QDBusMessage message;
    };

    /// `bus` must be a connection that only the fake uses; it is closed with it.
    explicit FakePolkit(const QDBusConnection &bus);
    ~FakePolkit() override;

    void setReply(const QString &action, Reply reply) { m_replies.insert(action, reply); }
    void setReply(Reply reply) { m_default = reply; }
    const std::vector<Check> &checks() const { return m_checks; }
    qsizetype waiting() const { return qsizetype(m_waiting.size()); }
    const QStringList &cancelled() const { return m_cancelled; }
    /// Answers the check that waits for that caller. False: there is none.
    bool tell(const QString &busName, bool yes);
    /// Closes the connection without answering, as a crash does.
    void die();

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;
    QString introspect(const QString &path) const override;

private:
    void check(const QDBusMessage &message);
    void cancel(const QDBusMessage &message);
    void answer(const Check &check, Reply reply);
    void send(const QDBusMessage &message);

    QDBusConnection m_bus;
    QHash<QString, Reply> m_replies;
    Reply m_default = Reply::No;
    std::vector<Check> m_checks;
    std::vector<Check> m_waiting;
    QStringList m_cancelled;
};

} // namespace sallyport::test
