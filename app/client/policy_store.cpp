// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/policy_store.h"

namespace sallyport {

PolicyStore::PolicyStore(HelperClient &client, QObject *parent) : QObject(parent), m_client(client) {}

void PolicyStore::refresh()
{
    m_client.fetchConfiguration(this, [this](const Result<Configuration> &answer) {
        m_allowLan = answer ? std::optional(answer->policy.allowLan) : std::nullopt;
        Q_EMIT changed();
    });
}

void PolicyStore::setAllowLan(bool on)
{
    m_isPending = true;
    Q_EMIT changed();
    m_client.fetchConfiguration(this, [this, on](const Result<Configuration> &answer) { apply(answer, on); });
}

void PolicyStore::apply(const Result<Configuration> &present, bool allowLan)
{
    if (!present)
        return finish(present.error());
    Configuration next = *present;
    next.policy.allowLan = allowLan;
    m_client.configure(next, this, [this](const Result<Done> &answer) { finish(answer); });
}

void PolicyStore::finish(const Result<Done> &answer)
{
    m_isPending = false;
    if (!answer)
        Q_EMIT refused(answer.error());
    refresh();
}

} // namespace sallyport
