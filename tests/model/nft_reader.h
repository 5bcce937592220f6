// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"
#include "tests/model/nft_syntax.h"

namespace sallyport::model::nft {

/// The words, strings and signs of a text in nft's language, with the line of each. Line breaks count.
class Words {
public:
    explicit Words(const QByteArray &text);

    /// Empty at the end.
    const QByteArray &next() const;
    bool atEnd() const { return m_at >= m_words.size(); }
    bool nextIs(const char *word) const { return next() == word; }
    QByteArray take();
    /// Takes the word if it comes next.
    bool takeIf(const char *word);
    /// Remembers the first thing that was not understood.
    void expect(const char *word);
    void fail(const QString &what);
    void skipLines();
    bool failed() const { return m_error.has_value(); }
    const std::optional<Error> &error() const { return m_error; }

private:
    struct Word {
        QByteArray text;
        int line = 0;
    };
    std::vector<Word> m_words;
    std::size_t m_at = 0;
    std::optional<Error> m_error;
};

/// Reads one `table inet NAME { … }`. Anything outside of the known part of the language is an error.
Result<Table> read(const QByteArray &text);

/// Reads one rule, up to the end of its line.
Rule readRule(Words &words);
/// `{ a, b-c }` or one element, of these types; understands the names of protocols, states and kinds.
std::vector<Element> readElements(Words &words, const std::vector<Key> &types);

} // namespace sallyport::model::nft
