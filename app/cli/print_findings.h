// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/health.h"

#include <QVariantMap>

/// The check-up, for a terminal and for scripts. Pure.
namespace sallyport::cli {

QStringList findingLines(const std::vector<Finding> &findings);
QVariantMap findingMap(const std::vector<Finding> &findings);

} // namespace sallyport::cli
