// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <map>

namespace sallyport::settings {

/// A setting that we changed: what it was before, and what we wrote.
struct Change {
    QString before;
    QString ours;

    bool operator==(const Change &) const = default;
};
using Changes = std::map<QString, Change>; ///< by path

/// The changed settings, in a file that is replaced as a whole: one line `path TAB before TAB ours` each. Lines that
/// are none are dropped.
class Journal {
public:
    explicit Journal(QString file) : m_file(std::move(file)) {}

    Result<Changes> read() const;
    Result<Done> write(const Changes &changes) const;

private:
    QString m_file;
};

} // namespace sallyport::settings
