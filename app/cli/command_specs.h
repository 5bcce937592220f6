// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QStringList>

#include <vector>

namespace sallyport::cli {

struct OptionSpec {
    QString name; ///< `--wait`
    QString value; ///< `SECONDS`; empty: a flag
    QString help;
    bool repeatable = false;
};

/// One command: what the parser accepts and what `--help` says are the same table.
struct CommandSpec {
    QString name;
    QStringList synopsis; ///< without `sally`
    QString summary;
    QStringList details;
    std::vector<OptionSpec> options;
    QString example;
};

const std::vector<CommandSpec> &commandSpecs();
const CommandSpec *findCommand(const QString &name);
const OptionSpec *findOption(const CommandSpec &command, const QString &name);

QStringList helpLines();
QStringList helpLines(const CommandSpec &command);

} // namespace sallyport::cli
