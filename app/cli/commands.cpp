// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/commands.h"

#include "app/cli/command_specs.h"
#include "app/cli/configure_command.h"
#include "app/cli/device_command.h"
#include "app/cli/doctor_command.h"
#include "app/cli/export_command.h"
#include "app/cli/import.h"
#include "app/cli/intent_command.h"
#include "app/cli/keygen_command.h"
#include "app/cli/list_command.h"
#include "app/cli/report_command.h"
#include "app/cli/status_command.h"
#include "app/cli/switch_command.h"
#include "app/cli/unlock_command.h"
#include "app/cli/why_command.h"
#include "app/exchange/edits.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

/// Hands out once what was read before the bus was asked: a bad file needs no helper to be refused.
template<class T, class Then>
Edit editOf(T value, Then then)
{
    const auto shared = std::make_shared<T>(std::move(value));
    return [shared, then](const Configuration &present) { return then(present, std::move(*shared)); };
}

/// Reading asks nobody for a password, so a helper that takes longer hangs.
constexpr std::chrono::seconds kReadPatience{10};

struct Starter {
    BusAccess &access;
    Console &console;

    template<class T, class... Arguments>
    Started make(Arguments &&...arguments) const
    {
        return std::make_unique<T>(std::forward<Arguments>(arguments)..., access.client(), console);
    }

    template<class T, class... Arguments>
    Started makeReader(Arguments &&...arguments) const
    {
        access.client().setReplyTimeout(kReadPatience);
        return make<T>(std::forward<Arguments>(arguments)...);
    }

    Started operator()(const HelpRequest &request) const
    {
        const CommandSpec *command = findCommand(request.command);
        console.print(command ? helpLines(*command) : helpLines());
        return ExitCode::Done;
    }
    Started operator()(const VersionRequest &) const
    {
        console.print({u"sally "_s + QStringLiteral(SALLYPORT_VERSION)});
        return ExitCode::Done;
    }
    Started operator()(const KeygenRequest &request) const { return generateKey(request, console); }
    Started operator()(const StatusRequest &request) const { return makeReader<StatusCommand>(request, access.bus()); }
    Started operator()(const SwitchRequest &request) const
    {
        auto interruption = std::make_unique<Interruption>();
        return make<SwitchCommand>(request, std::move(interruption));
    }
    Started operator()(const ExportRequest &request) const { return makeReader<ExportCommand>(request); }
    Started operator()(const UnlockRequest &request) const { return make<UnlockCommand>(request.json); }
    Started operator()(const DoctorRequest &request) const
    {
        return makeReader<DoctorCommand>(request.json, access.bus());
    }
    Started operator()(const ReportRequest &request) const { return makeReader<ReportCommand>(request, access.bus()); }
    Started operator()(const LockdownRequest &request) const
    {
        IntentChange change;
        change.lockdown = request.on;
        return make<IntentCommand>(change, request.json);
    }
    Started operator()(const PauseRequest &request) const
    {
        IntentChange change;
        change.pauseSeconds = quint32(std::chrono::seconds(request.length).count());
        return make<IntentCommand>(change, request.json);
    }
    Started operator()(const ExitListRequest &request) const
    {
        return makeReader<ListCommand>(ListCommand::exits(), request.json);
    }
    Started operator()(const DeviceListRequest &request) const
    {
        return makeReader<ListCommand>(ListCommand::devices(), request.json);
    }
    Started operator()(const DeviceShowRequest &request) const
    {
        return makeReader<DeviceCommand>(request, access.bus());
    }
    Started operator()(const DevicePathRequest &request) const { return make<PathCommand>(request, access.bus()); }
    Started operator()(const WhyRequest &request) const { return makeReader<WhyCommand>(request, access.bus()); }
    Started operator()(const DeviceAddRequest &request) const
    {
        const auto edit
            = [device = request.device](const Configuration &present) { return withDevice(present, device); };
        return make<ConfigureCommand>(Edit(edit), request.json);
    }
    Started operator()(const DeviceRemoveRequest &request) const
    {
        const auto edit = [name = request.name](const Configuration &present) { return withoutDevice(present, name); };
        return make<ConfigureCommand>(Edit(edit), request.json);
    }
    Started operator()(const ApplyRequest &request) const
    {
        auto proposal = proposalFromFile(request.file);
        if (!proposal)
            return console.fail(proposal.error());
        Edit edit = editOf(std::move(*proposal),
            [](const Configuration &, Proposal ready) { return Result<Proposal>(std::move(ready)); });
        return make<ConfigureCommand>(std::move(edit), request.json);
    }
    Started operator()(const ImportRequest &request) const
    {
        auto file = readImport(request);
        if (!file)
            return console.fail(file.error());
        Edit edit = editOf(std::move(*file), [request](const Configuration &present, ImportedFile ready) {
            return withImported(present, std::move(ready), request);
        });
        return make<ConfigureCommand>(std::move(edit), request.json);
    }
};

} // namespace

const QDBusConnection &BusAccess::bus()
{
    if (!m_bus)
        m_bus = QDBusConnection::systemBus();
    return *m_bus;
}

HelperClient &BusAccess::client()
{
    if (!m_client)
        m_client = std::make_unique<HelperClient>(bus());
    return *m_client;
}

Started startRequest(const Request &request, BusAccess &access, Console &console)
{
    return std::visit(Starter{access, console}, request);
}

} // namespace sallyport::cli
