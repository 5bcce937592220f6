// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/configurator.h"

#include "app/exchange/endpoint_names.h"

#include <utility>

namespace sallyport {

namespace {

constexpr std::chrono::seconds kNameLimit{5};

}

Configurator::Configurator(HelperClient &client, QObject *parent)
    : QObject(parent), m_client(client), m_resolver(kNameLimit)
{
}

void Configurator::apply(Edit edit, QObject *context, Reply reply)
{
    m_jobs.push_back({std::move(edit), context, std::move(reply)});
    if (!m_isBusy)
        next();
}

void Configurator::next()
{
    m_isBusy = !m_jobs.empty();
    if (m_isBusy)
        m_client.fetchConfiguration(this, [this](const Result<Configuration> &present) { havePresent(present); });
}

void Configurator::havePresent(const Result<Configuration> &present)
{
    if (!present)
        return finish(present.error());
    m_present = *present;
    Result<Proposal> proposal = m_jobs.front().edit(m_present);
    if (!proposal)
        return finish(proposal.error());
    m_proposal = std::move(*proposal);
    m_provided = 0;
    m_resolver.resolve(hostNamesOf(m_proposal.configuration), [this](const ResolvedNames &found) { haveNames(found); });
}

void Configurator::haveNames(const ResolvedNames &found)
{
    if (const auto notes = fillResolved(m_proposal.configuration, m_present, found); !notes)
        return finish(notes.error());
    provideNext();
}

void Configurator::provideNext()
{
    if (m_provided == m_proposal.secrets.size()) {
        m_client.configure(m_proposal.configuration, this, [this](const Result<Done> &answer) { finish(answer); });
        return;
    }
    const NamedSecret &secret = m_proposal.secrets[m_provided++];
    m_client.provideSecret(secret.name, secret.key, this, [this](const Result<Done> &answer) {
        if (answer)
            provideNext();
        else
            finish(answer.error());
    });
}

void Configurator::finish(const Result<Done> &answer)
{
    const Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    m_proposal = {};
    if (job.context)
        job.reply(answer);
    next();
}

} // namespace sallyport
