// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/device_command.h"

#include "app/cli/print_device.h"
#include "app/exchange/proposal.h"
#include "core/wire/path_words.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

DeviceCommand::DeviceCommand(
    const DeviceShowRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_request(request), m_mesh(bus), m_client(client), m_console(console)
{
}

void DeviceCommand::start()
{
    askServices(m_client, m_mesh, this, [this](const Result<Known> &known) {
        if (known)
            show(*known);
        else
            Q_EMIT finished(m_console.fail(known.error()));
    });
}

void DeviceCommand::show(const Known &known)
{
    const auto &home = known.configuration.home;
    const Device *device = home ? findDevice(*home, m_request.name) : nullptr;
    if (!device) {
        const Error unknown{Errc::UnknownName, u"there is no device '%1'"_s.arg(m_request.name), {}};
        Q_EMIT finished(m_console.fail(home ? unknown : noHome()));
        return;
    }
    const Ledger ledger = known.ledger ? *known.ledger : Ledger();
    const DeviceFacts facts{*device, home->device == device->name, known.snapshot.home, ledger};
    if (m_request.json)
        m_console.printJson(deviceShowMap(facts));
    else
        m_console.print(deviceShowLines(facts));
    Q_EMIT finished(ExitCode::Done);
}

PathCommand::PathCommand(
    const DevicePathRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_request(request), m_mesh(bus), m_client(client), m_console(console)
{
}

void PathCommand::start()
{
    IntentChange change;
    change.path = m_request.path;
    m_client.setIntent(change, this, [this](const Result<Done> &reply) {
        if (reply)
            accepted();
        else
            Q_EMIT finished(m_console.fail(reply.error()));
    });
}

void PathCommand::accepted()
{
    const PathPreference &path = m_request.path;
    if (m_request.json)
        m_console.printJson(
            {{u"device"_s, path.device}, {u"address"_s, path.address.toString()}, {u"use"_s, wordOf(path.use)}});
    else
        m_console.print({pathSentence(path)});
    m_mesh.fetchLedger(this, [this](const Result<Ledger> &ledger) {
        if (!ledger && m_request.path.use != Preference::None)
            m_console.note(u"sallyport-meshd does not run; this is heeded as soon as it does"_s);
        Q_EMIT finished(ExitCode::Done);
    });
}

} // namespace sallyport::cli
