// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"
#include "app/client/mesh_client.h"

namespace sallyport::cli {

/// All that the services say: what exists, what is, and, where meshd runs, which ways there are.
struct Known {
    Configuration configuration;
    Snapshot snapshot;
    Result<MeshClient::Ledger> ledger = Error{Errc::HelperUnavailable, {}, {}};
};

/// Asks one after the other; only the helper has to answer.
void askServices(
    HelperClient &helper, MeshClient &mesh, QObject *context, const std::function<void(const Result<Known> &)> &reply);

} // namespace sallyport::cli
