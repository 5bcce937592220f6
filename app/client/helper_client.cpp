// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/helper_client.h"

#include "helper1_interface.h"

#include "app/client/bus_error.h"
#include "app/client/secret_memfd.h"
#include "core/constants.h"
#include "core/ipc/unwrap.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/intent_codec.h"
#include "core/wire/snapshot_codec.h"

#include <QDBusPendingCallWatcher>
#include <QDBusReply>
#include <QDBusServiceWatcher>
#include <QLoggingCategory>

#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(logClient, "sallyport.client")

const QString &helperName()
{
    static const QString name = QLatin1StringView(kBusName);
    return name;
}

Result<QVariantMap> mapOf(const Result<QDBusMessage> &answer)
{
    if (!answer)
        return answer.error();
    const QDBusReply<QVariantMap> typed(*answer);
    if (!typed.isValid())
        return otherVersion(QString());
    return unwrap(typed.value());
}

Result<Done> doneOf(const Result<QDBusMessage> &answer)
{
    if (!answer)
        return answer.error();
    return Done{};
}

} // namespace

HelperClient::HelperClient(const QDBusConnection &bus, QObject *parent)
    : QObject(parent), m_bus(bus),
      m_proxy(std::make_unique<OrgSallyportHelper1Interface>(helperName(), QLatin1StringView(kObjectPath), m_bus))
{
    auto *watcher = new QDBusServiceWatcher(helperName(), m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
        [this](
            const QString &, const QString &oldOwner, const QString &newOwner) { ownerChanged(oldOwner, newOwner); });
    connect(m_proxy.get(), &OrgSallyportHelper1Interface::SnapshotChanged, this, &HelperClient::receiveSnapshot);
    m_available = m_proxy->isValid();
    setReplyTimeout(kReplyTimeout);
}

HelperClient::~HelperClient() = default;

bool HelperClient::isConnected() const
{
    return m_bus.isConnected();
}

bool HelperClient::isAvailable() const
{
    return m_available;
}

void HelperClient::setReplyTimeout(std::chrono::milliseconds timeout)
{
    m_proxy->setTimeout(static_cast<int>(timeout.count()));
}

void HelperClient::setIntent(const IntentChange &change, QObject *context, Reply reply)
{
    const QVariantMap map = withoutNulls(encodeIntentChange(change));
    call(
        context, [this, map] { return m_proxy->SetIntent(map); },
        [reply = std::move(reply)](const Result<QDBusMessage> &answer) { reply(doneOf(answer)); });
}

void HelperClient::configure(const Configuration &configuration, QObject *context, Reply reply)
{
    const QVariantMap map = withoutNulls(encodeConfiguration(configuration));
    call(
        context, [this, map] { return m_proxy->Configure(map); },
        [reply = std::move(reply)](const Result<QDBusMessage> &answer) { reply(doneOf(answer)); });
}

void HelperClient::provideSecret(const QString &name, const SecretKey &key, QObject *context, Reply reply)
{
    const Receive receive = [reply = std::move(reply)](const Result<QDBusMessage> &answer) { reply(doneOf(answer)); };
    const auto memfd = sealedMemfd(key);
    if (!memfd) {
        refuseLater(context, receive, memfd.error());
        return;
    }
    call(
        context, [this, name, memfd = *memfd] { return m_proxy->ProvideSecret(name, memfd); }, receive);
}

void HelperClient::fetchSnapshot(QObject *context, SnapshotReply reply)
{
    call(
        context, [this] { return m_proxy->GetSnapshot(); },
        [reply = std::move(reply)](const Result<QDBusMessage> &answer) {
            const auto map = mapOf(answer);
            reply(map ? Result<Snapshot>(decodeSnapshot(*map)) : Result<Snapshot>(map.error()));
        });
}

void HelperClient::fetchConfiguration(QObject *context, ConfigurationReply reply)
{
    call(
        context, [this] { return m_proxy->GetConfiguration(); },
        [reply = std::move(reply)](const Result<QDBusMessage> &answer) {
            const auto map = mapOf(answer);
            if (!map)
                return reply(map.error());
            auto decoded = decodeConfiguration(*map);
            reply(decoded ? Result<Configuration>(std::move(decoded->configuration))
                          : Result<Configuration>(decoded.error()));
        });
}

void HelperClient::watch(bool on)
{
    m_watch = on;
    if (m_available)
        call(
            this, [this] { return m_proxy->Watch(m_watch); }, [](const Result<QDBusMessage> &) {});
}

void HelperClient::call(QObject *context, Send send, Receive receive)
{
    const Waiting waiting{context, std::move(send), std::move(receive)};
    if (!m_bus.isConnected()) {
        refuseLater(context, waiting.receive, noBus());
    } else if (m_version) {
        dispatch(waiting);
    } else {
        m_waiting.push_back(waiting);
        askVersion();
    }
}

void HelperClient::dispatch(const Waiting &waiting)
{
    if (!waiting.context)
        return;
    if (*m_version)
        follow(waiting.send(), waiting.context, waiting.receive);
    else
        refuseLater(waiting.context, waiting.receive, m_version->error());
}

void HelperClient::askVersion()
{
    if (std::exchange(m_askingVersion, true))
        return;
    QDBusMessage get = QDBusMessage::createMethodCall(
        helperName(), QLatin1StringView(kObjectPath), u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    get << QString(QLatin1StringView(kInterface)) << u"ApiVersion"_s;
    follow(m_bus.asyncCall(get, m_proxy->timeout()), this,
        [this](const Result<QDBusMessage> &answer) { versionAnswered(answer); });
}

/// Replies and NameOwnerChanged arrive in the order in which the bus saw them, so an answer always belongs to the owner
/// that is the present one when it arrives.
void HelperClient::versionAnswered(const Result<QDBusMessage> &answer)
{
    m_askingVersion = false;
    const std::vector<Waiting> waiting = std::exchange(m_waiting, {});
    const Result<Done> version = answer ? checkApiVersion(QDBusReply<QDBusVariant>(*answer)) : doneOf(answer);
    // An unreachable helper may be reachable next time; its version is known only once it has answered.
    if (answer || version.error().code == Errc::UnsupportedRequirement)
        m_version = version;
    for (const Waiting &one : waiting) {
        if (m_version)
            dispatch(one);
        else if (one.context)
            one.receive(version.error());
    }
}

void HelperClient::follow(const QDBusPendingCall &pending, QObject *context, const Receive &receive)
{
    auto *watcher = new QDBusPendingCallWatcher(pending, this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this,
        [receive, guard = QPointer<QObject>(context)](QDBusPendingCallWatcher *finished) {
            finished->deleteLater();
            if (!guard)
                return;
            const QDBusMessage message = finished->reply();
            receive(finished->isError() ? Result<QDBusMessage>(errorOf(finished->error(), message))
                                        : Result<QDBusMessage>(message));
        });
}

void HelperClient::refuseLater(QObject *context, const Receive &receive, const Error &error)
{
    QMetaObject::invokeMethod(
        this,
        [receive, error, guard = QPointer<QObject>(context)] {
            if (guard)
                receive(error);
        },
        Qt::QueuedConnection);
}

void HelperClient::ownerChanged(const QString &oldOwner, const QString &newOwner)
{
    if (oldOwner != newOwner)
        m_version.reset();
    const bool available = !newOwner.isEmpty();
    if (m_available)
        Q_EMIT availabilityChanged(m_available = false);
    if (available)
        Q_EMIT availabilityChanged(m_available = true);
    if (m_watch)
        watch(true);
}

void HelperClient::receiveSnapshot(const QVariantMap &received)
{
    const auto map = unwrap(received);
    if (map)
        Q_EMIT snapshotChanged(decodeSnapshot(*map));
    else
        qCWarning(logClient, "Ignored an unreadable snapshot: %ls %ls", qUtf16Printable(map.error().place),
            qUtf16Printable(map.error().detail));
}

} // namespace sallyport
