// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/intent.h"
#include "core/result.h"

#include <QVariantMap>

namespace sallyport {

/// Unknown keys are ignored unless `requires` names them; known keys of the wrong type refuse the whole change.
Result<IntentChange> decodeIntentChange(const QVariantMap &map);
QVariantMap encodeIntentChange(const IntentChange &change);

/// The whole intent, for the state file.
Result<Intent> decodeIntent(const QVariantMap &map);
QVariantMap encodeIntent(const Intent &intent);

} // namespace sallyport
