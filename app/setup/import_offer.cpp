// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/import_offer.h"

#include "app/exchange/edits.h"
#include "app/exchange/input_file.h"
#include "app/setup/qr_image.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSysInfo>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString said(const char *text)
{
    return QCoreApplication::translate("ImportOffer", text);
}

bool isJson(std::span<const char> content)
{
    const auto first = std::ranges::find_if(content, [](char c) { return !QByteArrayView(" \t\r\n").contains(c); });
    return first != content.end() && *first == '{';
}

void addLines(ImportOffer &offer, const QString &file, const Imported &part)
{
    for (const LineReport &report : part.reports)
        offer.lines.push_back({said(QT_TRANSLATE_NOOP("ImportOffer", "%1, line %2")).arg(file).arg(report.line),
            report.key, report.verdict, report.sentence});
}

QString becomes(const Imported &part)
{
    return std::visit(Overloaded{
                          [](const Home &home) {
                              return said(
                                  QT_TRANSLATE_NOOP("ImportOffer", "Becomes Home; this computer is “%1” in it."))
                                  .arg(home.device);
                          },
                          [](const Exit &exit) {
                              return said(QT_TRANSLATE_NOOP("ImportOffer", "Becomes the exit “%1”.")).arg(exit.name);
                          },
                      },
        part.part);
}

ImportOffer offerOf(ImportedFile file, const QString &name)
{
    ImportOffer offer;
    const QStringList names = partNames(file, name);
    for (std::size_t i = 0; i < file.parts.size(); ++i)
        addLines(offer, names.value(qsizetype(i)), file.parts[i]);
    for (const ZipEntryReport &entry : file.entries) {
        if (entry.verdict != Verdict::Used)
            offer.lines.push_back({entry.entry, {}, entry.verdict, entry.sentence});
    }
    offer.parts = std::move(file.parts);
    offer.summary = offer.parts.size() == 1
        ? becomes(offer.parts.front())
        : QCoreApplication::translate("ImportOffer", "Becomes %n exits.", nullptr, int(offer.parts.size()));
    return offer;
}

Result<ImportOffer> readWhole(std::span<const char> content, const ImportSource &source)
{
    const auto map = readJson(QByteArrayView(content.data(), qsizetype(content.size())));
    if (!map)
        return map.error();
    ImportOffer offer;
    if (!source.path.isEmpty()) {
        auto proposal = proposalFromFile(source.path);
        if (!proposal)
            return proposal.error();
        offer.whole = std::move(*proposal);
    } else {
        auto decoded = decodeConfiguration(*map);
        if (!decoded)
            return decoded.error();
        for (const Note &note : decoded->notes)
            offer.lines.push_back({source.name, note.place, Verdict::Ignored, note.text});
        offer.whole.emplace();
        offer.whole->configuration = std::move(decoded->configuration);
    }
    for (const QString &note : offer.whole->notes)
        offer.lines.push_back({source.name, {}, Verdict::Changed, note});
    offer.summary = said(QT_TRANSLATE_NOOP("ImportOffer", "Takes the place of everything that is configured now."));
    return offer;
}

Result<ImportedFile> readArchive(std::span<const char> content, ImportKind kind, const ImportOptions &options)
{
    auto archive = importZip(content, kind, options);
    if (!archive)
        return archive.error();
    if (archive->parts.empty())
        return Error{Errc::InvalidArgument,
            said(QT_TRANSLATE_NOOP("ImportOffer", "There is no usable .conf file in this archive.")), {}};
    return ImportedFile{std::move(archive->entries), std::move(archive->parts)};
}

} // namespace

Result<ImportOffer> readOffer(std::span<const char> content, const ImportSource &source)
{
    if (isJson(content))
        return readWhole(content, source);
    ImportOptions options;
    options.fileName = source.path;
    options.deviceName = QSysInfo::machineHostName();
    options.takenExitNames = source.takenExitNames;
    if (isArchive(content)) {
        auto archive = readArchive(content, source.kind, options);
        return archive ? Result<ImportOffer>(offerOf(std::move(*archive), source.name)) : archive.error();
    }
    auto part = importConf(content, source.kind, options);
    if (!part)
        return part.error();
    ImportedFile file;
    file.parts.push_back(std::move(*part));
    return offerOf(std::move(file), source.name);
}

Result<ImportOffer> readOfferFile(const QString &path, ImportSource source)
{
    const auto content = readSecretInput(path, kMaximumZipSize);
    if (!content)
        return content.error();
    source.path = path;
    if (source.name.isEmpty())
        source.name = QFileInfo(path).fileName();
    const std::span<const char> bytes = content->view();
    const QByteArrayView head(bytes.data(), qsizetype(bytes.size()));
    if (!isImage(head))
        return readOffer(bytes, source);
    const auto image = readImage(head.toByteArray());
    if (!image)
        return image.error();
    const auto text = readCode(*image);
    if (!text)
        return text.error();
    source.path.clear();
    return readOffer(text->view(), source);
}

Edit editFor(const std::shared_ptr<ImportOffer> &offer, bool replace)
{
    return [offer, replace](const Configuration &present) -> Result<Proposal> {
        if (offer->whole)
            return std::move(*offer->whole);
        Proposal proposal;
        Configuration next = present;
        for (Imported &part : offer->parts) {
            if (const auto added = addPart(next, part, replace); !added)
                return added.error();
            for (auto &[name, key] : part.secrets)
                proposal.secrets.push_back({name, key.clone()});
        }
        auto valid = checked(next);
        if (!valid)
            return valid.error();
        proposal.configuration = std::move(*valid);
        return proposal;
    };
}

} // namespace sallyport
