// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayView>
#include <QVariantMap>

namespace sallyport {

inline constexpr qsizetype kMaximumJsonSize = 16LL * 1024 * 1024;

/// Reads one JSON object. Errors carry `line:column` as their place. Refuses more than 16 MiB and 32 levels.
Result<QVariantMap> readJson(QByteArrayView text);
/// The same for a list, which some providers answer with.
Result<QVariantList> readJsonList(QByteArrayView text);
/// Indented, keys sorted, ends with a line break.
QByteArray writeJson(const QVariantMap &map);

} // namespace sallyport
