// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QVariantMap>

/// The edge between QtDBus and the plain values that core/wire reads. The only part of core that knows QtDBus.
namespace sallyport {

struct UnwrapLimits {
    int depth = 16; ///< containers within containers
    qsizetype values = 2'000'000; ///< 10,000 devices with all their endpoints and routes are below it
    qsizetype characters = 32LL * 1024 * 1024; ///< of all strings, keys and byte arrays together
};

/// Nested `a{sv}` arrives as QDBusArgument. Returns the same map made of bool, integers, doubles, QString, QByteArray,
/// QStringList, QVariantList and QVariantMap only. Everything else (structures, file descriptors, object paths, maps whose
/// keys are not strings) refuses the whole map; the error's place is the path of the value.
Result<QVariantMap> unwrap(const QVariantMap &received, const UnwrapLimits &limits = {});

/// D-Bus has no null: leaves out entries that have no value, at every depth, so that the map can be sent.
QVariantMap withoutNulls(const QVariantMap &map);

} // namespace sallyport
