// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/console.h"

#include "app/cli/text.h"
#include "core/wire/json.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <unistd.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSchema = 1;

std::span<const char> view(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

QStringList printableLines(const QStringList &lines)
{
    QStringList safe;
    for (const QString &line : lines)
        safe += printable(line);
    return safe;
}

} // namespace

Console::Console() : m_outputTerminal(isatty(STDOUT_FILENO) == 1), m_errorTerminal(isatty(STDERR_FILENO) == 1) {}

void Console::write(int descriptor, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            m_intact = m_intact && descriptor != STDOUT_FILENO;
            return;
        }
        bytes = bytes.subspan(std::size_t(written));
    }
}

void Console::print(const QStringList &lines)
{
    if (lines.isEmpty())
        return;
    clearProgress();
    const QByteArray text = (printableLines(lines).join(u'\n') + u'\n').toUtf8();
    write(STDOUT_FILENO, view(text));
}

void Console::printJson(QVariantMap map)
{
    map.insert(u"schema"_s, kSchema);
    print(QString::fromUtf8(writeJson(map)).trimmed().split(u'\n'));
}

void Console::printJsonLine(QVariantMap map)
{
    map.insert(u"schema"_s, kSchema);
    const QByteArray text = QJsonDocument(QJsonObject::fromVariantMap(map)).toJson(QJsonDocument::Compact);
    print({QString::fromUtf8(text)});
}

void Console::writeRaw(std::span<const char> bytes)
{
    write(STDOUT_FILENO, bytes);
}

void Console::note(const QString &text)
{
    clearProgress();
    const QByteArray line = (u"sally: "_s + printable(text) + u'\n').toUtf8();
    write(STDERR_FILENO, view(line));
}

void Console::warn(const QString &text)
{
    note(u"warning: "_s + text);
}

ExitCode Console::fail(const Error &error)
{
    return fail(exitCodeOf(error), sentenceOf(error));
}

ExitCode Console::fail(ExitCode code, const QString &sentence)
{
    note(sentence);
    return code;
}

void Console::showProgress(const QString &text)
{
    if (!m_errorTerminal)
        return;
    m_progressShown = true;
    // CSI K clears what a longer line left behind.
    const QByteArray line = ("\r" + printable(text).toUtf8() + "\x1b[K");
    write(STDERR_FILENO, view(line));
}

void Console::clearProgress()
{
    if (!std::exchange(m_progressShown, false))
        return;
    write(STDERR_FILENO, std::span("\r\x1b[K", 4));
}

} // namespace sallyport::cli
