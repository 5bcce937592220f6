// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/import.h"

#include "app/exchange/input_file.h"

#include <QSysInfo>

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
        const Result<Done> added = addPart(next, part, request.replace);
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
