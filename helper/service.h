// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/authorizer.h"
#include "helper/callers.h"
#include "helper/switchboard.h"

#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QVariantMap>

#include <map>
#include <set>

namespace sallyport {

/// The object on the bus: decodes, asks the authorizer, hands over to the switchboard, replies. The adaptor generated
/// from the XML forwards to the slots and properties here, so they carry its names.
class Service : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_PROPERTY(QString Version READ version CONSTANT)
    Q_PROPERTY(uint ApiVersion READ apiVersion CONSTANT)

public:
    Service(Switchboard &switchboard, Authorizer &authorizer, const QDBusConnection &bus, QObject *parent = nullptr);

    QString version() const;
    uint apiVersion() const { return kApiVersion; }

public Q_SLOTS:
    void Configure(const QVariantMap &configuration);
    void SetIntent(const QVariantMap &change);
    QVariantMap GetSnapshot();
    QVariantMap GetConfiguration();
    void ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd);
    void Watch(bool on);

Q_SIGNALS:
    void SnapshotChanged(const QVariantMap &snapshot);

private:
    using Work = std::function<Result<QVariantList>()>; ///< the values of the reply
    /// Authorises, then works, then replies; a request overtaken by a newer one on the same subject is refused.
    void perform(Action action, const QStringList &subjects, const Work &work);
    Result<Done> claim(quint64 number, const QStringList &subjects);
    void refuse(const QDBusMessage &call, const Error &error);
    Result<Done> stage(const QString &caller, const QString &name, SecretKey secret);
    void forget(const QString &caller);
    /// Nobody needs to know when it leaves if nothing is held for it.
    void release(const QString &caller);

    Switchboard &m_switchboard;
    Authorizer &m_authorizer;
    QDBusConnection m_bus;
    Callers m_callers; ///< those in m_staged and m_watchers
    std::map<QString, SecretBox> m_staged; ///< by caller, until its next Configure
    std::set<QString> m_watchers;
    quint64 m_lastRequest = 0;
    std::map<QString, quint64> m_accepted; ///< newest accepted request, by subject
};

} // namespace sallyport
