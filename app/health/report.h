// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/checkup.h"

namespace sallyport {

/// How much of a report could tell strangers whose it is.
enum class Anonymity {
    Open, ///< as it is
    Careful, ///< public addresses and keys are replaced
    Strict, ///< names and all addresses, too
};

/// A report for whoever is to help: the check-up, and what the helper and meshd say. Never a secret: neither
/// of them tells any. What is replaced is replaced by the same word everywhere. Pure.
QString reportText(const Checkup &checkup, Anonymity anonymity);

/// `text` with what `anonymity` hides replaced. `names` are the words that only Strict hides.
QString anonymised(const QString &text, const QStringList &names, Anonymity anonymity);

} // namespace sallyport
