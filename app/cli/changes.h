// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"

namespace sallyport::cli {

/// What a person would say has changed, one line each: `home: device nas added`. Empty exactly when both are equal.
QStringList changes(const Configuration &before, const Configuration &after);

} // namespace sallyport::cli
