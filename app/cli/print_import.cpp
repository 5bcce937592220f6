// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/import.h"
#include "app/cli/text.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

QString word(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Used:
        return u"used"_s;
    case Verdict::Changed:
        return u"changed"_s;
    case Verdict::Refused:
        return u"refused"_s;
    case Verdict::Ignored:
        return u"ignored"_s;
    }
    return {};
}

QString becomes(const Imported &part)
{
    return std::visit(Overloaded{
                          [](const Home &home) { return u"Home, this machine is '%1'"_s.arg(home.device); },
                          [](const Exit &exit) { return u"exit '%1'"_s.arg(exit.name); },
                      },
        part.part);
}

QVariantMap becomesMap(const Imported &part)
{
    return std::visit(
        Overloaded{
            [](const Home &home) {
                return QVariantMap{{u"kind"_s, u"home"_s}, {u"name"_s, home.name}, {u"device"_s, home.device}};
            },
            [](const Exit &exit) {
                return QVariantMap{{u"kind"_s, u"exit"_s}, {u"name"_s, exit.name}};
            },
        },
        part.part);
}

QStringList partLines(const Imported &part, const QString &name)
{
    std::vector<QStringList> rows;
    for (const LineReport &report : part.reports)
        rows.push_back({u"  line %1"_s.arg(report.line), report.key, word(report.verdict), report.sentence});
    return QStringList{u"%1 becomes %2"_s.arg(name, becomes(part))} + table(rows);
}

QVariantMap partMap(const Imported &part, const QString &name)
{
    QVariantList lines;
    for (const LineReport &report : part.reports)
        lines += QVariantMap{{u"line"_s, report.line}, {u"key"_s, report.key}, {u"verdict"_s, word(report.verdict)},
            {u"sentence"_s, report.sentence}};
    QVariantMap map = becomesMap(part);
    map.insert(u"file"_s, name);
    map.insert(u"lines"_s, lines);
    return map;
}

} // namespace

QStringList importLines(const ImportedFile &file, const QString &name)
{
    const QStringList names = partNames(file, name);
    QStringList lines;
    for (std::size_t i = 0; i < file.parts.size(); ++i)
        lines += partLines(file.parts[i], names.value(qsizetype(i)));
    for (const ZipEntryReport &entry : file.entries) {
        if (entry.verdict != Verdict::Used)
            lines += u"%1 %2: %3"_s.arg(entry.entry, word(entry.verdict), entry.sentence);
    }
    return lines;
}

QVariantMap importMap(const ImportedFile &file, const QString &name)
{
    const QStringList names = partNames(file, name);
    QVariantList files;
    for (std::size_t i = 0; i < file.parts.size(); ++i)
        files += partMap(file.parts[i], names.value(qsizetype(i)));
    for (const ZipEntryReport &entry : file.entries) {
        if (entry.verdict != Verdict::Used)
            files += QVariantMap{
                {u"file"_s, entry.entry}, {u"verdict"_s, word(entry.verdict)}, {u"sentence"_s, entry.sentence}};
    }
    return {{u"files"_s, files}};
}

} // namespace sallyport::cli
