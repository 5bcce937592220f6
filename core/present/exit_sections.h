// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/link.h"
#include "core/present/preferences.h"

#include <vector>

/// The exits as a list with headings. Pure.
namespace sallyport {

struct ExitItem {
    QString name;
    bool isChosen = false;
    bool isInUse = false; ///< chosen, and Exit is on
    bool isPending = false; ///< asked for just now
    bool isFavourite = false;

    bool operator==(const ExitItem &) const = default;
};

struct ExitSection {
    QString title;
    std::vector<ExitItem> items;

    bool operator==(const ExitSection &) const = default;
};

/// Recent, favourites, own devices, then countries by name. While something is searched for each exit is there once, in
/// its own section.
std::vector<ExitSection> exitSections(
    const Snapshot &snapshot, const Link &link, const Habits &habits, const QString &search);

/// The country by its code, where providers and people put it: at the beginning of a numbered server (se-sto-wg-001), at
/// the end of other names (mullvad-de). Empty: none.
QString countryIn(const QString &exitName);

} // namespace sallyport
