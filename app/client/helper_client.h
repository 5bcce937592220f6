// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "core/model/configuration.h"
#include "core/model/intent.h"
#include "core/model/snapshot.h"

#include <QDBusConnection>
#include <QObject>
#include <QPointer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

class OrgSallyportHelper1Interface;
class QDBusError;
class QDBusMessage;
class QDBusPendingCall;

namespace sallyport {

/// The helper, seen from a front end. Everything is asynchronous; every call is answered exactly once, from the event
/// loop, unless its context is gone by then. Calling starts the helper where the bus can activate it. SnapshotChanged of
/// a change is delivered before the reply of the call that caused it.
class HelperClient : public QObject {
    Q_OBJECT

public:
    using Reply = std::function<void(const Result<Done> &)>;
    using SnapshotReply = std::function<void(const Result<Snapshot> &)>;
    using ConfigurationReply = std::function<void(const Result<Configuration> &)>;

    /// A polkit dialog may be open: QtDBus's own 25 s would give up first.
    static constexpr std::chrono::milliseconds kReplyTimeout = std::chrono::seconds(120);

    explicit HelperClient(const QDBusConnection &bus, QObject *parent = nullptr);
    ~HelperClient() override;

    bool isConnected() const; ///< to the bus
    bool isAvailable() const; ///< somebody owns the helper's name
    void setReplyTimeout(std::chrono::milliseconds timeout);

    void setIntent(const IntentChange &change, QObject *context, Reply reply);
    void configure(const Configuration &configuration, QObject *context, Reply reply);
    /// The key travels as a sealed memfd; it is needed only until this function returns.
    void provideSecret(const QString &name, const SecretKey &key, QObject *context, Reply reply);
    void fetchSnapshot(QObject *context, SnapshotReply reply);
    void fetchConfiguration(QObject *context, ConfigurationReply reply);
    /// Live counters while somebody looks. Remembered: a helper that starts later is told too. Does not start one.
    void watch(bool on);

Q_SIGNALS:
    void snapshotChanged(const sallyport::Snapshot &snapshot);
    /// A helper that takes the name over from another is one that left and one that came.
    void availabilityChanged(bool available);

private:
    using Send = std::function<QDBusPendingCall()>;
    using Receive = std::function<void(const Result<QDBusMessage> &)>;
    struct Waiting {
        QPointer<QObject> context;
        Send send;
        Receive receive;
    };

    /// Learns the helper's version first, if it is not known, then sends; in the order of the calls.
    void call(QObject *context, Send send, Receive receive);
    void dispatch(const Waiting &waiting);
    void askVersion();
    void versionAnswered(const Result<QDBusMessage> &answer);
    void follow(const QDBusPendingCall &pending, QObject *context, const Receive &receive);
    void refuseLater(QObject *context, const Receive &receive, const Error &error);
    void ownerChanged(const QString &oldOwner, const QString &newOwner);
    void receiveSnapshot(const QVariantMap &received);

    QDBusConnection m_bus;
    std::unique_ptr<OrgSallyportHelper1Interface> m_proxy;
    std::vector<Waiting> m_waiting; ///< for the version
    std::optional<Result<Done>> m_version; ///< of the present owner: good, or why not; none: not known
    bool m_askingVersion = false;
    bool m_available = false;
    bool m_watch = false;
};

} // namespace sallyport
