// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/exit_code.h"

#include <QStringList>
#include <QVariantMap>

#include <span>

namespace sallyport::cli {

/// Standard output carries data, standard error messages. Everything but secrets is made printable on its way.
class Console {
public:
    Console();

    void print(const QStringList &lines);
    /// Adds `"schema": 1`.
    void printJson(QVariantMap map);
    /// The same in one line, for streams.
    void printJsonLine(QVariantMap map);
    /// Bytes as they are: key material, which must not be copied into strings.
    void writeRaw(std::span<const char> bytes);

    /// One line on standard error: `sally: warning: …`.
    void warn(const QString &text);
    void note(const QString &text);
    /// One line on standard error: what is wrong, where, what to do.
    ExitCode fail(const Error &error);
    ExitCode fail(ExitCode code, const QString &sentence);

    /// A line that is overwritten by the next one; only where somebody can see it.
    void showProgress(const QString &text);
    void clearProgress();

    bool isOutputTerminal() const { return m_outputTerminal; }
    /// False once something could not be written (disk full, for example).
    bool isIntact() const { return m_intact; }

private:
    void write(int descriptor, std::span<const char> bytes);

    bool m_outputTerminal = false;
    bool m_errorTerminal = false;
    bool m_progressShown = false;
    bool m_intact = true;
};

} // namespace sallyport::cli
