// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/keyring/keyring.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QPointer>
#include <qt6keychain/keychain.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kService = u"org.sallyport.Sallyport"_s;
const QString kSecrets = u"org.freedesktop.secrets"_s;

using Told = std::function<void(KeyringTrouble)>;

QDBusMessage isLockedQuestion()
{
    auto question = QDBusMessage::createMethodCall(
        kSecrets, u"/org/freedesktop/secrets/aliases/default"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << u"org.freedesktop.Secret.Collection"_s << u"Locked"_s;
    question.setAutoStartService(false);
    return question;
}

/// QtKeychain says the same of no service, a locked one and a broken one; the bus knows. `otherwise`: it is there and open.
void askWhy(QObject *context, KeyringTrouble otherwise, const Told &told)
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return told(KeyringTrouble::NoService);
    auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(isLockedQuestion(), 2000), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context, [watcher, otherwise, told] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            return told(reply.value().variant().toBool() ? KeyringTrouble::Locked : otherwise);
        const QString name = reply.error().name();
        const bool isAbsent = name == u"org.freedesktop.DBus.Error.ServiceUnknown"
            || name == u"org.freedesktop.DBus.Error.NameHasNoOwner";
        told(isAbsent ? KeyringTrouble::NoService : KeyringTrouble::Failed);
    });
}

void explain(QKeychain::Error error, QObject *context, const Told &told)
{
    switch (error) {
    case QKeychain::EntryNotFound:
        return told(KeyringTrouble::NotFound);
    case QKeychain::AccessDeniedByUser:
        return told(KeyringTrouble::Refused);
    case QKeychain::AccessDenied:
        return askWhy(context, KeyringTrouble::Refused, told);
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError:
        return askWhy(context, KeyringTrouble::Failed, told);
    }
}

class KeychainKeyring : public Keyring {
public:
    void load(const QString &name, QObject *context, Reply reply) override
    {
        auto *job = new QKeychain::ReadPasswordJob(kService);
        start(job, name, context, std::move(reply), [job] { return HiddenText(job->binaryData()); });
    }

    void store(const QString &name, const HiddenText &value, QObject *context, Reply reply) override
    {
        auto *job = new QKeychain::WritePasswordJob(kService);
        job->setBinaryData(value.reveal());
        start(job, name, context, std::move(reply), [] { return HiddenText(); });
    }

    void remove(const QString &name, QObject *context, Reply reply) override
    {
        auto *job = new QKeychain::DeletePasswordJob(kService);
        start(job, name, context, std::move(reply), [] { return HiddenText(); });
    }

private:
    /// The job deletes itself.
    static void start(QKeychain::Job *job, const QString &name, QObject *context, Reply reply,
        const std::function<HiddenText()> &value)
    {
        job->setInsecureFallback(false); // never a plain file
        job->setKey(name);
        QObject::connect(job, &QKeychain::Job::finished, context, [job, context, value, reply = std::move(reply)] {
            if (job->error() == QKeychain::NoError)
                reply(value());
            else
                explain(job->error(), context, [reply](KeyringTrouble trouble) { reply(trouble); });
        });
        job->start();
    }
};

} // namespace

std::unique_ptr<Keyring> desktopKeyring()
{
    return std::make_unique<KeychainKeyring>();
}

} // namespace sallyport
