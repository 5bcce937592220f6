// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/why_command.h"

#include "app/cli/far_side.h"
#include "app/cli/kernel_route.h"
#include "app/cli/print_why.h"
#include "core/constants.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kNamePatience = 3000ms;

Error unknownHost(const QString &host)
{
    return {Errc::UnknownName,
        u"'%1' is no device, no address and no name that anybody knows; see 'sally device list', or check the spelling"_s
            .arg(host.left(253)),
        {}};
}

bool isHostName(const QString &host)
{
    const auto parsed = HostEndpoint::parse(QString(host + u":1"_s));
    return parsed && parsed->isName();
}

/// IPv4 is what nearly everybody has; the first that the kernel has a way to.
IpAddress reachable(const std::vector<IpAddress> &addresses)
{
    const auto found = std::ranges::find_if(
        addresses, [](const IpAddress &each) { return routeTo(each).kind != RouteFact::Kind::Refused; });
    return found == addresses.end() ? addresses.front() : *found;
}

/// Names may be unknown because nobody may be asked.
bool isBlocked(const Snapshot &snapshot)
{
    return snapshot.guard.state != GuardState::Open && snapshot.guard.state != GuardState::Connected;
}

/// Behind the first obstacle nobody is asked.
bool isWorthAsking(const WhyFacts &facts)
{
    const std::vector<Statement> statements = why(facts).statements;
    return facts.route.kind == RouteFact::Kind::Sent && std::ranges::none_of(statements, [](const Statement &each) {
        return each.verdict == Statement::Verdict::Bad && each.step != u"name";
    });
}

} // namespace

WhyCommand::WhyCommand(const WhyRequest &request, const QDBusConnection &bus, HelperClient &client, Console &console)
    : m_request(request), m_mesh(bus), m_client(client), m_console(console), m_resolver(kNamePatience)
{
    m_facts.host = request.host;
}

void WhyCommand::start()
{
    askServices(m_client, m_mesh, this, [this](const Result<Known> &known) {
        if (known)
            takeKnown(*known);
        else
            fail(known.error());
    });
}

void WhyCommand::takeKnown(const Known &known)
{
    m_facts.configuration = known.configuration;
    m_facts.snapshot = known.snapshot;
    m_facts.ledger = known.ledger ? *known.ledger : MeshClient::Ledger();
    if (const auto address = IpAddress::parse(m_request.host)) {
        m_facts.address = *address;
        return follow();
    }
    m_facts.isName = true;
    const auto &home = known.configuration.home;
    const Device *device = home ? deviceNamed(*home, m_request.host) : nullptr;
    if (device && device->name == home->device && !home->addresses.empty())
        m_facts.address = home->addresses.front().address;
    else if (device && !device->addresses.empty())
        m_facts.address = device->addresses.front().address();
    else if (!isHostName(m_request.host))
        return fail(unknownHost(m_request.host));
    m_resolver.resolve({m_request.host}, [this](const ResolvedNames &names) { takeNames(names); });
}

void WhyCommand::takeNames(const ResolvedNames &names)
{
    m_facts.resolved = names.value(m_request.host);
    if (!m_facts.address && !m_facts.resolved.empty())
        m_facts.address = reachable(m_facts.resolved);
    if (!m_facts.address && !isBlocked(m_facts.snapshot))
        return fail(unknownHost(m_request.host));
    follow();
}

void WhyCommand::follow()
{
    if (m_facts.address)
        m_facts.route = routeTo(*m_facts.address);
    if (!isWorthAsking(m_facts))
        return conclude();
    // Others on the way to the internet may lose or cut large questions without being at fault.
    const bool isThroughHome = m_facts.route.interface == QLatin1String(kHomeLink);
    m_facts.farSide = askFarSide(*m_facts.address, isThroughHome ? m_facts.route.mtu : 0);
    lookAgain();
}

void WhyCommand::lookAgain()
{
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) {
        if (snapshot)
            m_facts.snapshot = *snapshot;
        m_mesh.fetchLedger(this, [this](const Result<MeshClient::Ledger> &ledger) {
            if (ledger)
                m_facts.ledger = *ledger;
            conclude();
        });
    });
}

void WhyCommand::conclude()
{
    const WhyAnswer answer = why(m_facts);
    if (m_request.json)
        m_console.printJson(whyMap(m_facts, answer));
    else
        m_console.print(whyLines(answer));
    Q_EMIT finished(answer.works ? ExitCode::Done : ExitCode::NotConnected);
}

void WhyCommand::fail(const Error &error)
{
    Q_EMIT finished(m_console.fail(error));
}

} // namespace sallyport::cli
