// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/known.h"
#include "app/cli/requests.h"

namespace sallyport::cli {

/// `device show`: one device with all the ways to it.
class DeviceCommand : public Command {
    Q_OBJECT

public:
    DeviceCommand(const DeviceShowRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void show(const Known &known);

    DeviceShowRequest m_request;
    MeshClient m_mesh;
    HelperClient &m_client;
    Console &m_console;
};

/// `device prefer`, `pin`, `forbid` and `release`: one word about one way (ADR 18).
class PathCommand : public Command {
    Q_OBJECT

public:
    PathCommand(const DevicePathRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void accepted();

    DevicePathRequest m_request;
    MeshClient m_mesh;
    HelperClient &m_client;
    Console &m_console;
};

} // namespace sallyport::cli
