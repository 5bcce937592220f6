// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

namespace sallyport {

/// What is wrong with what a person gave, word for word; of everything else the sentence and the advice that all pages have.
QString errorSentence(const Error &error);

} // namespace sallyport
