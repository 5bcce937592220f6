// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/configuration_change.h"

namespace sallyport {

ConfigurationChange::ConfigurationChange(
    HelperClient &client, Wanted wanted, QObject *context, HelperClient::Reply reply)
    : QObject(context), m_client(client), m_reply(std::move(reply)), m_wanted(std::move(wanted))
{
}

void ConfigurationChange::start(HelperClient &client, Wanted wanted, QObject *context, HelperClient::Reply reply)
{
    auto *change = new ConfigurationChange(client, std::move(wanted), context, std::move(reply));
    client.fetchConfiguration(change, [change](const Result<Configuration> &present) { change->havePresent(present); });
}

void ConfigurationChange::havePresent(const Result<Configuration> &present)
{
    if (!present)
        return finish(present.error());
    m_changed = m_wanted.edit(*present);
    if (m_wanted.secrets && m_wanted.key)
        m_secrets = m_wanted.secrets(m_changed);
    provideNext();
}

void ConfigurationChange::provideNext()
{
    if (m_secrets.isEmpty())
        return m_client.configure(m_changed, this, [this](const Result<Done> &answer) { finish(answer); });
    m_client.provideSecret(m_secrets.takeFirst(), *m_wanted.key, this, [this](const Result<Done> &answer) {
        if (answer)
            provideNext();
        else
            finish(answer.error());
    });
}

void ConfigurationChange::finish(const Result<Done> &answer)
{
    deleteLater();
    m_reply(answer);
}

} // namespace sallyport
