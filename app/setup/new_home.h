// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/exchange/proposal.h"
#include "app/setup/mesh_prefixes.h"
#include "core/key/secret_text.h"

/// New homes and new devices, with keys made on this machine.
namespace sallyport {

struct HomePlan {
    QString name;
    QString device; ///< this machine, in any script
    MeshPrefixes prefixes;
    quint16 listenPort = 0;
};

/// A port that programs are not given by chance.
quint16 proposeListenPort(const Dice &dice);
/// Refused where there is a Home already.
Result<Proposal> withNewHome(const Configuration &present, const HomePlan &plan);

struct NewDevice {
    Device device; ///< its public half only
    SecretKey key;
};

/// Named and numbered so that nobody in the home has the same.
Result<NewDevice> makeDevice(const Home &home, const QString &name);

/// The file for that device. `reachedAt` is where it finds this machine; empty: as the home says.
Result<SecretText> confFor(
    const Home &home, const NewDevice &device, const PublicKey &ownKey, const std::optional<HostEndpoint> &reachedAt);

} // namespace sallyport
