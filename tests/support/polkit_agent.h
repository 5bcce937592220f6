// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QStringList>

#include <vector>

namespace sallyport::test {

/// An authentication agent for a session, whose person always knows the password: only root may confirm an
/// identity to polkitd, and the tests are root.
class PolkitAgent : public QDBusVirtualObject {
    Q_OBJECT

public:
    struct Dialog {
        QString action;
        QString sentence;
        QString cookie;
        QDBusMessage message;
    };

    /// `locale` is the person's language.
    PolkitAgent(const QDBusConnection &bus, const QString &session, const QString &locale = QStringLiteral("C"));
    const std::vector<Dialog> &open() const { return m_open; }
    int cancelled() const { return m_cancelled; }
    /// The person types the password into the oldest dialog.
    void agree();
    /// The person closes the oldest dialog.
    void dismiss();

    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;
    QString introspect(const QString &path) const override;

private:
    Dialog takeOldest();

    QDBusConnection m_bus;
    std::vector<Dialog> m_open;
    int m_cancelled = 0;
};

} // namespace sallyport::test
