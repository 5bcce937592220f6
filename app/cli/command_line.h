// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command_specs.h"
#include "core/result.h"

#include <QMap>

namespace sallyport::cli {

/// A command line taken apart by the command's table, before its words mean anything.
struct Line {
    const CommandSpec *command = nullptr;
    QStringList words;
    QMap<QString, QStringList> options;

    bool has(const QString &option) const { return options.contains(option); }
    QString value(const QString &option) const { return options.value(option).value(0); }
    QStringList values(const QString &option) const { return options.value(option); }
    bool json() const { return has(QStringLiteral("--json")); }
};

/// Checks options against the command's table.
Result<Line> takeApart(const CommandSpec &command, QStringList rest);

/// A usage error, with where to look.
Error usage(const QString &what, const Line &line);
/// The words do not fit: names the forms that do.
Error badWords(const Line &line);
/// A whole number from 1 to `maximum`; `what` is for the error: `a number of seconds`.
Result<quint32> number(const Line &line, const QString &text, const QString &what, quint32 maximum);

} // namespace sallyport::cli
