// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/health.h"
#include "app/client/helper_client.h"
#include "app/client/mesh_client.h"

namespace sallyport::cli {

/// `doctor`: asks the bus who is there and the helper how it is, looks at the machine, tells.
class DoctorCommand : public Command {
    Q_OBJECT

public:
    DoctorCommand(bool json, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void askNames(const QString &method);
    void takeNames(const QStringList &names);
    void report();

    bool m_json;
    QDBusConnection m_bus;
    MeshClient m_mesh;
    HelperClient &m_client;
    Console &m_console;
    BusFacts m_facts;
    int m_unanswered = 0;
};

} // namespace sallyport::cli
