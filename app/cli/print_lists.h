// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/model/snapshot.h"

#include <QVariantMap>

/// Devices and exits of the configuration. Pure.
namespace sallyport::cli {

QStringList exitListLines(const Configuration &configuration, const Snapshot &snapshot);
QVariantMap exitListMap(const Configuration &configuration, const Snapshot &snapshot);

QStringList deviceListLines(const Home &home);
QVariantMap deviceListMap(const Home &home);

QStringList deviceLines(const Device &device);
QVariantMap deviceMap(const Device &device);

} // namespace sallyport::cli
