// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/exit_code.h"

#include <QObject>

namespace sallyport::cli {

/// One command under way in the one event loop. Says once how it ended.
class Command : public QObject {
    Q_OBJECT

public:
    virtual void start() = 0;

Q_SIGNALS:
    void finished(sallyport::cli::ExitCode code);
};

} // namespace sallyport::cli
