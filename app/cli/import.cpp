// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/import.h"

#include "app/cli/input_file.h"

#include <QSysInfo>

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

ImportKind kindOf(ImportAs as)
{
    switch (as) {
    case ImportAs::Guess:
        return ImportKind::Guess;
    case ImportAs::Home:
        return ImportKind::Home;
    case ImportAs::Exit:
        return ImportKind::Exit;
    }
    return ImportKind::Guess;
}

bool isArchive(std::span<const char> content)
{
    // The signatures of a local file header and of an empty archive (APPNOTE 4.3.7, 4.3.16).
    const QByteArrayView head(content.data(), qsizetype(std::min<std::size_t>(content.size(), 4)));
    return head == QByteArrayView("PK\x03\x04") || head == QByteArrayView("PK\x05\x06");
}

Result<ImportedFile> readArchive(
    std::span<const char> content, const ImportRequest &request, const ImportOptions &options)
{
    if (!request.name.isEmpty())
        return Error{Errc::InvalidArgument,
            u"--name is for one file, and %1 is an archive; leave it out"_s.arg(shownName(request.file)), {}};
    auto archive = importZip(content, kindOf(request.as), options);
    if (!archive)
        return archive.error();
    if (archive->parts.empty())
        return Error{Errc::InvalidArgument, u"%1 holds no usable .conf file"_s.arg(shownName(request.file)), {}};
    return ImportedFile{std::move(archive->entries), std::move(archive->parts)};
}

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

Result<ImportedFile> readImport(const ImportRequest &request)
{
    const auto content = readSecretInput(request.file, kMaximumZipSize);
    if (!content)
        return content.error();
    ImportOptions options;
    options.fileName = request.file == u"-" ? QString() : request.file;
    options.name = request.name;
    options.deviceName = QSysInfo::machineHostName();
    if (isArchive(content->view())) {
        auto archive = readArchive(content->view(), request, options);
        return archive ? std::move(archive) : inFile(request.file, archive.error());
    }
    auto imported = importConf(content->view(), kindOf(request.as), options);
    if (!imported)
        return inFile(request.file, imported.error());
    ImportedFile file;
    file.parts.push_back(std::move(*imported));
    return file;
}

Result<Proposal> withImported(const Configuration &present, ImportedFile file, const ImportRequest &request)
{
    Proposal proposal;
    Configuration next = present;
    for (Imported &part : file.parts) {
        const Result<Done> added
            = std::visit(Overloaded{
                             [&](const Home &home) { return addHome(next, home, request.replace); },
                             [&](const Exit &exit) { return addExit(next, exit, request.replace); },
                         },
                part.part);
        if (!added)
            return added.error();
        for (auto &[name, key] : part.secrets)
            proposal.secrets.push_back({name, std::move(key)});
    }
    auto valid = checked(next);
    if (!valid)
        return valid.error();
    proposal.configuration = std::move(*valid);
    proposal.reportLines = importLines(file, shownName(request.file));
    proposal.report = importMap(file, shownName(request.file));
    return proposal;
}

} // namespace sallyport::cli
