// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/polkit_agent.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QVariantMap>
#include <QtDebug>

#include <algorithm>

namespace sallyport::test {

using namespace Qt::StringLiterals;

/// polkit's subjects and identities: `(sa{sv})`
struct PolkitEntity {
    QString kind;
    QVariantMap details;
};

QDBusArgument &operator<<(QDBusArgument &argument, const PolkitEntity &entity)
{
    argument.beginStructure();
    argument << entity.kind << entity.details;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, PolkitEntity &entity)
{
    argument.beginStructure();
    argument >> entity.kind >> entity.details;
    argument.endStructure();
    return argument;
}

namespace {

const QString kAgentPath = QStringLiteral("/org/sallyport/test/Agent");

QDBusMessage authorityCall(const QString &method)
{
    return QDBusMessage::createMethodCall(u"org.freedesktop.PolicyKit1"_s, u"/org/freedesktop/PolicyKit1/Authority"_s,
        u"org.freedesktop.PolicyKit1.Authority"_s, method);
}

} // namespace

PolkitAgent::PolkitAgent(const QDBusConnection &bus, const QString &session, const QString &locale) : m_bus(bus)
{
    qDBusRegisterMetaType<PolkitEntity>();
    m_bus.registerVirtualObject(kAgentPath, this);
    QDBusMessage call = authorityCall(u"RegisterAuthenticationAgent"_s);
    call << QVariant::fromValue(PolkitEntity{u"unix-session"_s, {{u"session-id"_s, session}}}) << locale << kAgentPath;
    const QDBusMessage reply = m_bus.call(call);
    if (reply.type() != QDBusMessage::ReplyMessage)
        qFatal("cannot register the agent: %s", qPrintable(reply.errorMessage()));
}

PolkitAgent::Dialog PolkitAgent::takeOldest()
{
    if (m_open.empty())
        qFatal("no dialog is open");
    const Dialog dialog = m_open.front();
    m_open.erase(m_open.begin());
    return dialog;
}

void PolkitAgent::agree()
{
    const Dialog dialog = takeOldest();
    QDBusMessage call = authorityCall(u"AuthenticationAgentResponse2"_s);
    call << uint(0) << dialog.cookie << QVariant::fromValue(PolkitEntity{u"unix-user"_s, {{u"uid"_s, uint(0)}}});
    const QDBusMessage reply = m_bus.call(call);
    if (reply.type() != QDBusMessage::ReplyMessage)
        qFatal("polkitd does not take the answer: %s", qPrintable(reply.errorMessage()));
    m_bus.send(dialog.message.createReply());
}

void PolkitAgent::dismiss()
{
    const Dialog dialog = takeOldest();
    m_bus.send(dialog.message.createErrorReply(u"org.freedesktop.PolicyKit1.Error.Cancelled"_s, u"Cancelled."_s));
}

bool PolkitAgent::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    const QVariantList arguments = message.arguments();
    message.setDelayedReply(true);
    if (message.member() == u"BeginAuthentication"_s) {
        m_open.push_back({arguments.at(0).toString(), arguments.at(1).toString(), arguments.at(4).toString(), message});
    } else if (message.member() == u"CancelAuthentication"_s) {
        ++m_cancelled;
        std::erase_if(m_open, [&](const Dialog &dialog) { return dialog.cookie == arguments.at(0).toString(); });
        m_bus.send(message.createReply());
    }
    return true;
}

QString PolkitAgent::introspect(const QString &) const
{
    return {};
}

} // namespace sallyport::test
