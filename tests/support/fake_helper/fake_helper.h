// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/support/fake_helper/states.h"

#include <QDBusConnection>
#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QStringList>

#include <vector>

namespace sallyport::test {

/// The object at /org/sallyport/Helper: changes its world as asked, says so, then answers; or misbehaves as told.
class FakeHelper : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_PROPERTY(QString Version READ version)
    Q_PROPERTY(uint ApiVersion READ apiVersion)

public:
    explicit FakeHelper(QDBusConnection bus, QObject *parent = nullptr);

    QString version() const { return QStringLiteral("fake"); }
    uint apiVersion() const { return m_apiVersion; }

    /// A world (states.h) or a behaviour: obeys, refused, kernel-refused, superseded, slow, silent, dies, too-old,
    /// newer, garbage. False: no such scenario.
    bool play(const QString &scenario);
    /// Answers what `slow` holds back, the last one first if `reversed`.
    void release(bool reversed);
    void emitGarbage();
    void emitOld();
    void emitCounters(qulonglong receivedBytes);
    /// The device that was configured last shakes hands.
    void shakeHands();
    /// Names of the devices that were configured.
    QStringList devices() const;
    const QStringList &log() const { return m_log; }

public Q_SLOTS: // called by the generated adaptor
    void Configure(const QVariantMap &configuration);
    void SetIntent(const QVariantMap &change);
    QVariantMap GetSnapshot();
    QVariantMap GetConfiguration();
    void ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd);
    void Watch(bool on);

Q_SIGNALS:
    void SnapshotChanged(const QVariantMap &snapshot);

private:
    struct Held {
        QDBusMessage call;
        QVariantMap change;
    };

    void obey(const QVariantMap &change);
    void refuse(const QString &error, const QString &sentence);
    void hold(const QVariantMap &change);
    void publish();

    QDBusConnection m_bus;
    World m_world;
    QString m_behaviour = QStringLiteral("obeys");
    uint m_apiVersion = 1;
    QVariantMap m_configured; ///< as it came; empty: as the world says
    std::vector<Held> m_held;
    QVariantList m_exits; ///< as configured last
    QStringList m_log;
};

} // namespace sallyport::test
