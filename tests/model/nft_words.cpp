// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/nft_reader.h"

#include <cctype>

namespace sallyport::model::nft {

using namespace Qt::StringLiterals;

namespace {

constexpr char kSigns[] = "{};,&|()=!";

bool isSign(char letter)
{
    return std::strchr(kSigns, letter) != nullptr;
}

/// The length of the word that starts at `at`.
qsizetype lengthOf(const QByteArray &text, qsizetype at)
{
    if (text.at(at) == '"')
        return std::max<qsizetype>(text.indexOf('"', at + 1) - at + 1, 1);
    if (text.at(at) == '\n')
        return 1;
    if (isSign(text.at(at)))
        return text.mid(at, 2) == "==" || text.mid(at, 2) == "!=" ? 2 : 1;
    qsizetype end = at;
    while (end < text.size() && !isSign(text.at(end)) && text.at(end) != '"'
        && std::isspace(static_cast<unsigned char>(text.at(end))) == 0)
        ++end;
    return end - at;
}

} // namespace

Words::Words(const QByteArray &text)
{
    int line = 1;
    for (qsizetype at = 0; at < text.size();) {
        if (text.at(at) == '#') {
            while (at < text.size() && text.at(at) != '\n')
                ++at;
            continue;
        }
        if (text.at(at) != '\n' && std::isspace(static_cast<unsigned char>(text.at(at))) != 0) {
            ++at;
            continue;
        }
        const qsizetype length = lengthOf(text, at);
        m_words.push_back({text.mid(at, length), line});
        line += text.at(at) == '\n' ? 1 : 0;
        at += length;
    }
}

const QByteArray &Words::next() const
{
    static const QByteArray none;
    return atEnd() ? none : m_words[m_at].text;
}

QByteArray Words::take()
{
    QByteArray word = next();
    if (atEnd())
        fail(u"the text ends too early"_s);
    else
        ++m_at;
    return word;
}

bool Words::takeIf(const char *word)
{
    if (!nextIs(word))
        return false;
    ++m_at;
    return true;
}

void Words::expect(const char *word)
{
    if (!takeIf(word))
        fail(u"expected %1, not %2"_s.arg(QLatin1StringView(word), QString::fromUtf8(next())));
}

void Words::fail(const QString &what)
{
    const int line = atEnd() ? (m_words.empty() ? 1 : m_words.back().line) : m_words[m_at].line;
    if (!m_error)
        m_error = Error{Errc::InvalidArgument, u"line %1: %2"_s.arg(line).arg(what), {}};
    m_at = m_words.size();
}

void Words::skipLines()
{
    while (takeIf("\n")) {}
}

} // namespace sallyport::model::nft
