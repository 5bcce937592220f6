// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"
#include "app/client/mesh_client.h"
#include "app/health/checkup.h"

#include <QFutureWatcher>

namespace sallyport {

/// Asks the bus who is there and the helper how it is, and looks at the machine on another thread, because name servers
/// take their time. Changes nothing. One at a time.
class Examination : public QObject {
    Q_OBJECT

public:
    Examination(const QDBusConnection &bus, HelperClient &client, QObject *parent = nullptr);

    bool isRunning() const { return m_unanswered > 0; }
    void start();

Q_SIGNALS:
    void finished(const sallyport::Checkup &checkup);

private:
    void askNames(const QString &method);
    void takeNames(const QStringList &names);
    void askServices();
    void lookAtMachine();
    void answered();

    QDBusConnection m_bus;
    MeshClient m_mesh;
    HelperClient &m_client;
    QFutureWatcher<SystemFacts> m_machine;
    Checkup m_checkup;
    int m_unanswered = 0;
};

} // namespace sallyport
