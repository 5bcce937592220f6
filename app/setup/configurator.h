// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"
#include "app/exchange/name_resolver.h"
#include "app/exchange/proposal.h"

#include <deque>

namespace sallyport {

/// Carries out changes of the configuration, one after the other: reads the newest, changes it, looks names up, hands over
/// the secrets, and gives it back.
class Configurator : public QObject {
    Q_OBJECT

public:
    using Reply = HelperClient::Reply;

    explicit Configurator(HelperClient &client, QObject *parent = nullptr);

    /// `reply` comes once, unless `context` is gone by then; the change is carried out all the same.
    void apply(Edit edit, QObject *context, Reply reply);

private:
    struct Job {
        Edit edit;
        QPointer<QObject> context;
        Reply reply;
    };
    void next();
    void havePresent(const Result<Configuration> &present);
    void haveNames(const ResolvedNames &found);
    void provideNext();
    void finish(const Result<Done> &answer);

    HelperClient &m_client;
    NameResolver m_resolver;
    std::deque<Job> m_jobs; ///< the first is being carried out
    bool m_isBusy = false;
    Configuration m_present;
    Proposal m_proposal;
    std::size_t m_provided = 0;
};

} // namespace sallyport
