// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_polkit.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QVariantMap>
#include <QtDebug>

#include <algorithm>

namespace sallyport::test {

using namespace Qt::StringLiterals;

using Details = QMap<QString, QString>;

/// `(bba{ss})`
struct CheckReply {
    bool authorized = false;
    bool challenge = false;
    Details details;
};

QDBusArgument &operator<<(QDBusArgument &argument, const CheckReply &reply)
{
    argument.beginStructure();
    argument << reply.authorized << reply.challenge << reply.details;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, CheckReply &reply)
{
    argument.beginStructure();
    argument >> reply.authorized >> reply.challenge >> reply.details;
    argument.endStructure();
    return argument;
}

FakePolkit::FakePolkit(const QDBusConnection &bus) : m_bus(bus)
{
    qDBusRegisterMetaType<Details>();
    qDBusRegisterMetaType<CheckReply>();
    if (!m_bus.registerVirtualObject(u"/org/freedesktop/PolicyKit1/Authority"_s, this)
        || !m_bus.registerService(u"org.freedesktop.PolicyKit1"_s))
        qFatal("cannot stand in for polkitd: %s", qPrintable(m_bus.lastError().message()));
}

FakePolkit::~FakePolkit()
{
    die();
}

void FakePolkit::die()
{
    const QString name = m_bus.name();
    m_waiting.clear();
    m_bus = QDBusConnection(u"nobody-has-this-name"_s);
    QDBusConnection::disconnectFromBus(name);
}

void FakePolkit::send(const QDBusMessage &message)
{
    if (!m_bus.send(message))
        qWarning("the fake polkit could not answer");
}

bool FakePolkit::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    message.setDelayedReply(true);
    const QString member = message.member();
    if (member == u"CheckAuthorization"_s)
        check(message);
    else if (member == u"CancelCheckAuthorization"_s)
        cancel(message);
    else if (member == u"GetAll"_s)
        send(message.createReply(QVariant(QVariantMap{
            {u"BackendName"_s, u"fake"_s}, {u"BackendVersion"_s, u"1"_s}, {u"BackendFeatures"_s, uint(1)}})));
    else if (member == u"EnumerateActions"_s)
        send(message.createErrorReply(u"org.freedesktop.PolicyKit1.Error.Failed"_s, u"There are no actions."_s));
    else
        send(message.createErrorReply(QDBusError::UnknownMethod, u"The fake polkit does not know this."_s));
    return true;
}

void FakePolkit::check(const QDBusMessage &message)
{
    const QVariantList arguments = message.arguments();
    Check check;
    QVariantMap details;
    const auto subject = arguments.at(0).value<QDBusArgument>();
    subject.beginStructure();
    subject >> check.subjectKind >> details;
    subject.endStructure();
    check.busName = details.value(u"name"_s).toString();
    check.action = arguments.at(1).toString();
    check.flags = arguments.at(3).toUInt();
    check.cancellationId = arguments.at(4).toString();
    check.message = message;
    m_checks.push_back(check);
    const Reply reply = m_replies.value(check.action, m_default);
    if (reply == Reply::Wait)
        m_waiting.push_back(check);
    else
        answer(check, reply);
}

void FakePolkit::answer(const Check &check, Reply reply)
{
    CheckReply values;
    switch (reply) {
    case Reply::Yes:
        values.authorized = true;
        break;
    case Reply::No:
    case Reply::Wait:
        break;
    case Reply::Challenge:
        values.challenge = true;
        break;
    case Reply::Dismissed:
        values.details.insert(u"polkit.dismissed"_s, u"true"_s);
        break;
    case Reply::Fail:
        send(check.message.createErrorReply(
            u"org.freedesktop.PolicyKit1.Error.Failed"_s, u"Action %1 is not registered"_s.arg(check.action)));
        return;
    case Reply::Nonsense:
        send(check.message.createReply(u"yes"_s));
        return;
    }
    send(check.message.createReply(QVariant::fromValue(values)));
}

bool FakePolkit::tell(const QString &busName, bool yes)
{
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(), [&](const Check &check) { return check.busName == busName; });
    if (found == m_waiting.end())
        return false;
    const Check check = *found;
    m_waiting.erase(found);
    answer(check, yes ? Reply::Yes : Reply::No);
    return true;
}

void FakePolkit::cancel(const QDBusMessage &message)
{
    const QString id = message.arguments().at(0).toString();
    const auto found = std::find_if(
        m_waiting.begin(), m_waiting.end(), [&](const Check &check) { return check.cancellationId == id; });
    if (found == m_waiting.end()) {
        send(message.createErrorReply(u"org.freedesktop.PolicyKit1.Error.Failed"_s, u"No such check."_s));
        return;
    }
    m_cancelled.append(found->busName);
    send(found->message.createErrorReply(u"org.freedesktop.PolicyKit1.Error.Cancelled"_s, u"Cancelled."_s));
    m_waiting.erase(found);
    send(message.createReply());
}

QString FakePolkit::introspect(const QString &) const
{
    return {};
}

} // namespace sallyport::test
