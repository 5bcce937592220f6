// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/error_names.h"
#include "helper/polkit/polkit_dbus_authorizer.h"
#ifdef SALLYPORT_HAVE_POLKIT_QT
#include "helper/polkit/polkit_qt_authorizer.h"
#endif

#include <QCoreApplication>
#include <QDBusContext>
#include <QDBusMessage>

#include <cstdio>

using namespace sallyport;
using namespace Qt::StringLiterals;

/// A service with nothing but an authorizer: `authorization_probe qt|dbus PATIENCE_MS PER_CALLER IN_ALL`.
class Probe : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.Helper1")

public:
    explicit Probe(Authorizer &authorizer) : m_authorizer(authorizer) {}

public Q_SLOTS:
    QString Ping() { return u"pong"_s; }

    int Answered() { return m_answered; }

    void Authorize(const QString &action)
    {
        setDelayedReply(true);
        const Action asked = action == actionId(Action::Toggle) ? Action::Toggle
            : action == actionId(Action::Lockdown)              ? Action::Lockdown
                                                                : Action::Configure;
        m_authorizer.authorize(asked, message().service(),
            [this, bus = connection(), call = message()](const Result<Done> &result) mutable {
                ++m_answered;
                bus.send(result ? call.createReply()
                                : call.createErrorReply(dbusName(result.error().code), result.error().detail));
            });
    }

private:
    Authorizer &m_authorizer;
    int m_answered = 0;
};

static std::unique_ptr<Authorizer> authorizer(const QString &way, const AuthorizationLimits &limits)
{
    const QDBusConnection bus = QDBusConnection::systemBus();
    if (way == u"dbus"_s)
        return std::make_unique<PolkitDbusAuthorizer>(bus, limits);
#ifdef SALLYPORT_HAVE_POLKIT_QT
    return std::make_unique<PolkitQtAuthorizer>(bus, limits);
#else
    return {};
#endif
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    AuthorizationLimits limits;
    limits.patience = std::chrono::milliseconds(arguments.at(2).toInt());
    limits.perCaller = arguments.at(3).toInt();
    limits.inAll = arguments.at(4).toInt();
    const std::unique_ptr<Authorizer> under = authorizer(arguments.at(1), limits);
    if (!under)
        return 3;
    Probe probe(*under);
    QDBusConnection bus = QDBusConnection::systemBus();
    if (!bus.registerObject(u"/org/sallyport/Helper"_s, &probe, QDBusConnection::ExportAllSlots)
        || !bus.registerService(u"org.sallyport.Helper"_s))
        return 2;
    std::puts("ready");
    std::fflush(stdout);
    return QCoreApplication::exec();
}

#include "authorization_probe.moc"
