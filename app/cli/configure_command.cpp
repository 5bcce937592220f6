// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/configure_command.h"

#include "app/cli/changes.h"
#include "app/exchange/endpoint_names.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kNameLimit{5};

}

ConfigureCommand::ConfigureCommand(Edit edit, bool json, HelperClient &client, Console &console)
    : m_edit(std::move(edit)), m_json(json), m_client(client), m_console(console), m_resolver(kNameLimit)
{
}

void ConfigureCommand::start()
{
    m_client.fetchSnapshot(this, [this](const Result<Snapshot> &snapshot) { haveSnapshot(snapshot); });
}

void ConfigureCommand::haveSnapshot(const Result<Snapshot> &snapshot)
{
    if (!snapshot)
        return fail(snapshot.error());
    m_homeKey = snapshot->home.publicKey;
    m_client.fetchConfiguration(this, [this](const Result<Configuration> &present) { havePresent(present); });
}

void ConfigureCommand::havePresent(const Result<Configuration> &present)
{
    if (!present)
        return fail(present.error());
    m_present = *present;
    Result<Proposal> proposal = m_edit(m_present);
    if (!proposal)
        return fail(proposal.error());
    m_proposal = std::move(*proposal);
    m_notes = m_proposal.notes;
    if (!m_json)
        m_console.print(m_proposal.reportLines);
    const QStringList names = hostNamesOf(m_proposal.configuration);
    if (!names.isEmpty())
        m_console.showProgress(u"Looking up %1…"_s.arg(names.join(u", "_s)));
    m_resolver.resolve(names, [this](const ResolvedNames &found) { haveNames(found); });
}

void ConfigureCommand::haveNames(const ResolvedNames &found)
{
    const auto notes = fillResolved(m_proposal.configuration, m_present, found);
    if (!notes)
        return fail(notes.error());
    m_notes += *notes;
    for (const QString &note : m_notes)
        m_console.note(note);
    provideNext();
}

void ConfigureCommand::provideNext()
{
    if (m_provided == m_proposal.secrets.size()) {
        m_client.configure(m_proposal.configuration, this, [this](const Result<Done> &reply) { configured(reply); });
        return;
    }
    const NamedSecret &secret = m_proposal.secrets[m_provided++];
    m_client.provideSecret(secret.name, secret.key, this, [this](const Result<Done> &reply) {
        if (reply)
            provideNext();
        else
            fail(reply.error());
    });
}

QStringList ConfigureCommand::changeLines() const
{
    QStringList lines = changes(m_present, m_proposal.configuration);
    const auto home = std::ranges::find(m_proposal.secrets, homeSecretName(), &NamedSecret::name);
    if (home != m_proposal.secrets.end() && !m_homeKey.isNull() && home->key.publicKey() != m_homeKey)
        lines += u"home: private key replaced"_s;
    return lines;
}

void ConfigureCommand::configured(const Result<Done> &reply)
{
    if (!reply)
        return fail(reply.error());
    const QStringList lines = changeLines();
    if (m_json)
        printJson(lines);
    else
        m_console.print(lines.isEmpty() ? QStringList{u"Nothing to change."_s} : lines);
    Q_EMIT finished(ExitCode::Done);
}

void ConfigureCommand::printJson(const QStringList &lines)
{
    QVariantMap map = m_proposal.report;
    map.insert(u"changes"_s, lines);
    map.insert(u"notes"_s, m_notes);
    m_console.printJson(map);
}

void ConfigureCommand::fail(const Error &error)
{
    Q_EMIT finished(m_console.fail(error));
}

} // namespace sallyport::cli
