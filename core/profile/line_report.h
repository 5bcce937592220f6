// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace sallyport {

enum class Verdict {
    Used, ///< means here what it means to wg-quick
    Changed, ///< taken over in another form; the sentence says which
    Refused, ///< dangerous, therefore not taken over: commands
    Ignored, ///< has no meaning here
};

/// What became of one line of a foreign file, for the person to read. Never holds a private or preshared key.
struct LineReport {
    int line = 0; ///< from 1
    QString key; ///< as wg-quick spells it; `[Peer]` for the head of a section, `# Name` for a comment that was used
    Verdict verdict = Verdict::Used;
    QString sentence; ///< empty where there is nothing to add

    bool operator==(const LineReport &) const = default;
};

} // namespace sallyport
