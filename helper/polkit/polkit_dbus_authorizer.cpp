// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/polkit/polkit_dbus_authorizer.h"

#include "helper/polkit/polkit_verdict.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// polkit's `(sa{sv})`.
struct PolkitSubject {
    QString kind;
    QVariantMap details;
};
using PolkitDetails = QMap<QString, QString>;

constexpr uint kAllowUserInteraction = 1;

QDBusArgument &operator<<(QDBusArgument &argument, const PolkitSubject &subject)
{
    argument.beginStructure();
    argument << subject.kind << subject.details;
    argument.endStructure();
    return argument;
}

// Only needed to register the type: subjects are sent, never received.
const QDBusArgument &operator>>(const QDBusArgument &argument, PolkitSubject &subject)
{
    argument.beginStructure();
    argument >> subject.kind >> subject.details;
    argument.endStructure();
    return argument;
}

QDBusMessage authorityCall(const QString &method)
{
    return QDBusMessage::createMethodCall(u"org.freedesktop.PolicyKit1"_s, u"/org/freedesktop/PolicyKit1/Authority"_s,
        u"org.freedesktop.PolicyKit1.Authority"_s, method);
}

/// polkitd keeps these apart per connection.
QString cancellationId(quint64 request)
{
    return u"sallyport-"_s + QString::number(request);
}

Result<Done> resultOf(const QDBusMessage &reply)
{
    if (reply.type() != QDBusMessage::ReplyMessage)
        return polkitUnavailable(reply.errorMessage());
    if (reply.signature() != u"(bba{ss})"_s)
        return polkitUnavailable(u"unexpected reply"_s);
    // Const on purpose: on a mutable QDBusArgument beginStructure() would be the writing one.
    const auto argument = reply.arguments().constFirst().value<QDBusArgument>();
    PolkitVerdict verdict;
    PolkitDetails details;
    argument.beginStructure();
    argument >> verdict.authorized >> verdict.challenge >> details;
    argument.endStructure();
    verdict.dismissed = details.contains(u"polkit.dismissed"_s);
    return resultOf(verdict);
}

} // namespace

PolkitDbusAuthorizer::PolkitDbusAuthorizer(const QDBusConnection &bus, AuthorizationLimits limits)
    : PolkitAuthorizer(bus, limits)
{
    qDBusRegisterMetaType<PolkitSubject>();
    qDBusRegisterMetaType<PolkitDetails>();
}

void PolkitDbusAuthorizer::ask(quint64 request, const QString &action, const QString &busName)
{
    QDBusMessage call = authorityCall(u"CheckAuthorization"_s);
    const PolkitSubject subject{u"system-bus-name"_s, {{u"name"_s, busName}}};
    call << QVariant::fromValue(subject) << action << QVariant::fromValue(PolkitDetails{}) << kAllowUserInteraction
         << cancellationId(request);
    // The deadline that counts is PolkitAuthorizer's; this one only must not come first.
    const int patience = int((limits().patience + std::chrono::seconds(5)).count());
    auto *watcher = new QDBusPendingCallWatcher(bus().asyncCall(call, patience), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, request](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        answered(request, finished);
    });
}

void PolkitDbusAuthorizer::answered(quint64 request, QDBusPendingCallWatcher *call)
{
    settle(request, resultOf(call->reply()));
}

void PolkitDbusAuthorizer::abandon(quint64 request)
{
    QDBusMessage call = authorityCall(u"CancelCheckAuthorization"_s);
    call.setAutoStartService(false);
    call << cancellationId(request);
    bus().send(call);
}

} // namespace sallyport
