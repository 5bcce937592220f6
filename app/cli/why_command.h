// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/known.h"
#include "app/cli/requests.h"
#include "app/exchange/name_resolver.h"
#include "core/present/why.h"

namespace sallyport::cli {

/// `why`: gathers what the services, the resolver, the kernel and the host itself say, and prints what follows from it.
class WhyCommand : public Command {
    Q_OBJECT

public:
    WhyCommand(const WhyRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console);
    void start() override;

private:
    void takeKnown(const Known &known);
    void takeNames(const ResolvedNames &names);
    void follow();
    /// What is known is older than the question to the far side, which made WireGuard speak.
    void lookAgain();
    void conclude();
    void fail(const Error &error);

    WhyRequest m_request;
    MeshClient m_mesh;
    HelperClient &m_client;
    Console &m_console;
    NameResolver m_resolver;
    WhyFacts m_facts;
};

} // namespace sallyport::cli
