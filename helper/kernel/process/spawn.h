// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QStringList>

#include <chrono>

namespace sallyport {

/// A program to run without a shell: `arguments` excludes the program's own name.
struct Command {
    QString program;
    QStringList arguments;
    QStringList environment; ///< complete: nothing is inherited
    int descriptor = -1; ///< becomes descriptor 3 of the program, its only one besides 0, 1 and 2
    QByteArray input; ///< what descriptor 0 reads; not for startDetached()
};

/// Starts a program that outlives us: in its own session, adopted by init at once, so that there is nothing to reap.
/// Fails with FeatureMissing if the program cannot be executed.
Result<Done> startDetached(const Command &command);

/// How a program ended.
struct ProgramEnd {
    int status = 0; ///< its exit code; 128 and more: the signal that ended it
    bool killed = false; ///< by us, because it took too long
    QByteArray output; ///< at most 4 KiB
};
/// Runs a program until it ends, or until `limit`. What it leaves in the background is not waited for.
Result<ProgramEnd> endOf(const Command &command, std::chrono::milliseconds limit);

/// What a program that ends by itself printed, at most 4 KiB; it is killed when it takes longer than `limit`.
Result<QByteArray> outputOf(const Command &command, std::chrono::milliseconds limit);

} // namespace sallyport
