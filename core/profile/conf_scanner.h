// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArray>

#include <functional>
#include <optional>
#include <span>
#include <string_view>

/// The outer grammar of `wg(8)` and `wg-quick(8)` files: lines, sections, settings, comments. All views point into the
/// caller's text, because a line may hold a key.
namespace sallyport {

inline constexpr std::size_t kMaximumConfSize = 1024 * 1024;
inline constexpr std::size_t kMaximumConfLine = 64 * 1024;

struct ConfLine {
    enum class Kind { Blank, Comment, Section, Setting, Malformed };

    int number = 0; ///< from 1
    Kind kind = Kind::Blank;
    std::string_view key; ///< of a setting, or the section head with its brackets; blanks at the ends removed
    std::string_view value; ///< of a setting: up to the comment; may be empty
    std::string_view wholeValue; ///< of a setting: to the end of the line, since `#` belongs to a command
    std::string_view comment; ///< behind the first `#`
    int column = 1; ///< where the value (or the section, or what is malformed) begins; from 1

    /// `line:column`
    QString place() const;
};

/// Calls `each` for every line until it refuses one. Splits at line feeds; carriage returns, a byte order mark and a
/// missing last line break are fine. Refuses more than kMaximumConfSize, longer lines than kMaximumConfLine, NUL and
/// UTF-16. The result is the number of lines. Lines are not collected: a megabyte of line feeds has a million.
Result<int> scanConf(std::span<const char> text, const std::function<std::optional<Error>(const ConfLine &)> &each);

bool isBlank(char c);
std::string_view trimmedView(std::string_view text);
/// Without any blanks and in lower case, which is how wg compares keys. Empty if longer than any key, so that a
/// misplaced secret is never copied.
QByteArray foldedKey(std::string_view key);
/// Without any blanks: wg drops them even inside values.
QByteArray squeezed(std::string_view text);

} // namespace sallyport
