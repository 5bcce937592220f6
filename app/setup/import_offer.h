// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/exchange/import_edits.h"
#include "app/exchange/proposal.h"

/// What a person brings along, read and not yet taken over.
namespace sallyport {

struct PreviewLine {
    QString place; ///< the file or the entry of an archive, and the line
    QString key;
    Verdict verdict = Verdict::Used;
    QString sentence;

    bool operator==(const PreviewLine &) const = default;
};

/// Move-only: it carries keys.
struct ImportOffer {
    QString summary; ///< what would become of it
    std::vector<PreviewLine> lines;
    std::vector<Imported> parts;
    std::optional<Proposal> whole; ///< a configuration that takes the place of everything
};

struct ImportSource {
    QString name; ///< for the person
    QString path; ///< empty: not from a file, so that it may name no key files
    ImportKind kind = ImportKind::Guess;
    QStringList takenExitNames;
};

/// `.conf`, an archive of them, or our own JSON, by content.
Result<ImportOffer> readOffer(std::span<const char> content, const ImportSource &source);
/// A file of any of these kinds, or a picture with a code.
Result<ImportOffer> readOfferFile(const QString &path, ImportSource source);

/// The change that takes it over. Uses the offer up.
Edit editFor(const std::shared_ptr<ImportOffer> &offer, bool replace);

} // namespace sallyport
