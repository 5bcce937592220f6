// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/exchange/proposal.h"

/// The changes that commands make to a configuration.
namespace sallyport {

/// Reads the file and the key files it names, as the calling user.
Result<Proposal> proposalFromFile(const QString &file);

Result<Proposal> withDevice(const Configuration &present, const Device &device);
Result<Proposal> withoutDevice(const Configuration &present, const QString &nameOrAlias);

} // namespace sallyport
