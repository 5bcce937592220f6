// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/why.h"

#include <QVariantMap>

namespace sallyport::cli {

/// A tick, a cross or a question mark for each statement, then what to change. Pure.
QStringList whyLines(const WhyAnswer &answer);
QVariantMap whyMap(const WhyFacts &facts, const WhyAnswer &answer);

} // namespace sallyport::cli
