// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/command_line.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Done> takeOption(Line &line, const QString &word, QStringList &rest)
{
    const qsizetype equals = word.indexOf(u'=');
    const QString name = equals < 0 ? word : word.left(equals);
    const OptionSpec *spec = findOption(*line.command, name);
    if (!spec)
        return usage(u"'sally %1' has no option '%2'"_s.arg(line.command->name, name), line);
    if (spec->value.isEmpty() && equals >= 0)
        return usage(u"%1 takes no value"_s.arg(name), line);
    if (!spec->repeatable && line.has(name))
        return usage(u"%1 is given twice"_s.arg(name), line);
    if (!spec->value.isEmpty() && equals < 0 && rest.isEmpty())
        return usage(u"%1 needs a value (%2)"_s.arg(name, spec->value), line);
    QString value;
    if (!spec->value.isEmpty())
        value = equals < 0 ? rest.takeFirst() : word.mid(equals + 1);
    if (!spec->value.isEmpty() && value.isEmpty())
        return usage(u"%1 needs a value (%2)"_s.arg(name, spec->value), line);
    line.options[name] += value;
    return Done{};
}

} // namespace

Error usage(const QString &what, const Line &line)
{
    return {Errc::InvalidArgument, what + u"; try 'sally %1 --help'"_s.arg(line.command->name), {}};
}

Error badWords(const Line &line)
{
    QStringList forms;
    for (const QString &synopsis : line.command->synopsis)
        forms += u"'sally "_s + synopsis + u'\'';
    return usage(u"write "_s + forms.join(u" or "_s), line);
}

Result<Line> takeApart(const CommandSpec &command, QStringList rest)
{
    Line line;
    line.command = &command;
    bool optionsEnded = false;
    while (!rest.isEmpty()) {
        const QString word = rest.takeFirst();
        if (!optionsEnded && word == u"--") {
            optionsEnded = true;
        } else if (!optionsEnded && word.startsWith(u'-') && word != u"-") {
            if (const auto taken = takeOption(line, word, rest); !taken)
                return taken.error();
        } else {
            line.words += word;
        }
    }
    return line;
}

Result<quint32> number(const Line &line, const QString &text, const QString &what, quint32 maximum)
{
    bool ok = !text.startsWith(u'+');
    const quint32 value = ok ? text.toUInt(&ok) : 0;
    if (!ok || value == 0 || value > maximum)
        return usage(u"'%1' is not %2 from 1 to %3"_s.arg(text.left(32), what).arg(maximum), line);
    return value;
}

} // namespace sallyport::cli
