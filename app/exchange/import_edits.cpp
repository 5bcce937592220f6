// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/import_edits.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Result<Done> addHome(Configuration &next, const Home &home, bool replace)
{
    if (next.home && !(*next.home == home) && !replace)
        return Error{Errc::InvalidArgument,
            u"there is a Home already (%1); use --replace, or --exit if this file is an exit"_s.arg(next.home->device),
            {}};
    next.home = home;
    return Done{};
}

Result<Done> addExit(Configuration &next, const Exit &exit, bool replace)
{
    const auto found = std::ranges::find(next.exits, exit.name, &Exit::name);
    if (found == next.exits.end()) {
        next.exits.push_back(exit);
        return Done{};
    }
    if (!(*found == exit) && !replace)
        return Error{Errc::InvalidArgument,
            u"there is another exit '%1' already; use --replace, or --name to call this one differently"_s.arg(
                exit.name),
            {}};
    *found = exit;
    return Done{};
}

} // namespace

bool isArchive(std::span<const char> content)
{
    // The signatures of a local file header and of an empty archive (APPNOTE 4.3.7, 4.3.16).
    const QByteArrayView head(content.data(), qsizetype(std::min<std::size_t>(content.size(), 4)));
    return head == QByteArrayView("PK\x03\x04") || head == QByteArrayView("PK\x05\x06");
}

Result<Done> addPart(Configuration &next, const Imported &part, bool replace)
{
    return std::visit(Overloaded{
                          [&](const Home &home) { return addHome(next, home, replace); },
                          [&](const Exit &exit) { return addExit(next, exit, replace); },
                      },
        part.part);
}

QStringList partNames(const ImportedFile &file, const QString &name)
{
    QStringList names;
    for (const ZipEntryReport &entry : file.entries) {
        if (entry.verdict == Verdict::Used)
            names += entry.entry;
    }
    return file.entries.empty() ? QStringList{name} : names;
}

} // namespace sallyport
