// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>
#include <QVariant>

#include <algorithm>
#include <array>

namespace sallyport {

/// One value of an enum, as the bus and JSON call it.
template<class E>
struct Word {
    E value;
    QLatin1StringView text;
};
template<class E>
Word(E, QLatin1StringView) -> Word<E>; // clang before 17 does not deduce it

template<class E, std::size_t N>
QString wordOf(const std::array<Word<E>, N> &words, E value)
{
    return std::ranges::find(words, value, &Word<E>::value)->text;
}

/// An unknown word becomes the first of the list: whoever says it may be newer.
template<class E, std::size_t N>
E valueOf(const std::array<Word<E>, N> &words, const QVariant &text)
{
    const QString wanted = text.toString();
    const auto found = std::ranges::find_if(words, [&](const Word<E> &word) { return word.text == wanted; });
    return found == words.end() ? words.front().value : found->value;
}

} // namespace sallyport
