// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QVariantMap>

namespace sallyport::test {

/// Stands in for sallyport-meshd on the bus: says what it is told to say, or keeps still.
class FakeMesh : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.Mesh1")

public:
    enum class Mood {
        Fine,
        Silent, ///< takes every call and answers none
        Refusing,
    };

    /// `bus` must be a connection that only the fake uses; it is closed with it.
    explicit FakeMesh(const QDBusConnection &bus);
    ~FakeMesh() override;

    Mood mood = Mood::Fine;
    QVariantMap ledger;
    int questions = 0;

public Q_SLOTS:
    QVariantMap GetLedger();

Q_SIGNALS:
    void LedgerChanged(const QVariantMap &ledger);

private:
    QDBusConnection m_bus;
};

} // namespace sallyport::test
