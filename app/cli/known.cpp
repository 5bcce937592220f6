// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/known.h"

namespace sallyport::cli {

void askServices(
    HelperClient &helper, MeshClient &mesh, QObject *context, const std::function<void(const Result<Known> &)> &reply)
{
    const auto known = std::make_shared<Known>();
    const auto withSnapshot = [&mesh, context, reply, known](const Result<Snapshot> &snapshot) {
        if (!snapshot)
            return reply(snapshot.error());
        known->snapshot = *snapshot;
        mesh.fetchLedger(context, [reply, known](const Result<MeshClient::Ledger> &ledger) {
            known->ledger = ledger;
            reply(*known);
        });
    };
    helper.fetchConfiguration(
        context, [&helper, context, reply, known, withSnapshot](const Result<Configuration> &configuration) {
            if (!configuration)
                return reply(configuration.error());
            known->configuration = *configuration;
            helper.fetchSnapshot(context, withSnapshot);
        });
}

} // namespace sallyport::cli
