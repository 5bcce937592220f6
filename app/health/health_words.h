// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QCoreApplication>

namespace sallyport {

/// The translation context of the check-up. The command line installs no translator, so it says them in English.
class HealthWords {
    Q_DECLARE_TR_FUNCTIONS(sallyport::HealthWords)
};

} // namespace sallyport
