// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace sallyport {

/// Something that was accepted but changed or skipped, for the person to read.
struct Note {
    QString place;
    QString text;

    bool operator==(const Note &) const = default;
};

} // namespace sallyport
