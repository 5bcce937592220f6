// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/annotation.h"

#include "core/profile/conf_scanner.h"

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kLongestBare = 40;
constexpr std::size_t kLongestKnown = 64 * 1024;

// What we write ourselves, and below it how other programs announce a name.
constexpr std::array<std::string_view, 19> kKeys = {"name", "aliases", "endpoint(lan)", "endpoint(public)",
    "endpoint(any)", "addresses", "offersexit", "haspresharedkey", "presharedkeyfile", "home", "device", "domain",
    "privatekeyfile", "exit", "provider", "resolved", "publickey", "allowedips", "persistentkeepalive"};
constexpr std::array<std::string_view, 4> kNameKeys = {"client", "friendlyname", "friendly_name", "peername"};
constexpr std::array<std::string_view, 3> kNameWords = {"begin_peer ", "begin ", "client "};
constexpr std::array<std::string_view, 2> kEndWords = {"end_peer ", "end "};

std::string_view withoutHashes(std::string_view text)
{
    const auto drop = [](char c) { return c == '#' || isBlank(c); };
    while (!text.empty() && drop(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && drop(text.back()))
        text.remove_suffix(1);
    return text;
}

bool startsWithWord(std::string_view text, std::string_view word)
{
    return text.size() > word.size() && std::ranges::equal(text.substr(0, word.size()), word, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
}

QString toText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// A key has 43 characters of base64 and one `=`; nothing nearly as long may pass for a name.
bool isShortBare(std::string_view text)
{
    if (text.empty() || text.size() > kLongestBare || text.find('=') != std::string_view::npos)
        return false;
    const auto words = std::ranges::count_if(text, isBlank) + 1;
    constexpr std::string_view sentence = ":;!?\"<>{}[]|\\,";
    return words <= 3 && text.find_first_of(sentence) == std::string_view::npos;
}

std::optional<Annotation> keyed(std::string_view text, std::size_t separator, int line)
{
    const QByteArray key = foldedKey(text.substr(0, separator));
    const std::string_view folded(key.constData(), static_cast<std::size_t>(key.size()));
    const std::string_view value = trimmedView(text.substr(separator + 1));
    if (value.size() > kLongestKnown)
        return std::nullopt;
    if (std::ranges::find(kKeys, folded) != kKeys.end())
        return Annotation{line, QString::fromLatin1(key), toText(value)};
    if (std::ranges::find(kNameKeys, folded) != kNameKeys.end() && value.size() <= 200)
        return Annotation{line, u"client"_s, toText(value)};
    return std::nullopt;
}

std::optional<QChar> escapedCharacter(QStringView escape)
{
    bool ok = false;
    const ushort code = escape.size() == 4 ? escape.toUShort(&ok, 16) : ushort(0);
    return ok ? std::optional(QChar(code)) : std::nullopt;
}

/// Reads one quoted or plain word from the front of `rest` and removes it together with the comma behind it.
QString takeWord(QStringView &rest)
{
    rest = rest.trimmed();
    if (!rest.startsWith(u'"')) {
        const qsizetype comma = rest.indexOf(u',');
        const QString word = (comma < 0 ? rest : rest.left(comma)).trimmed().toString();
        rest = comma < 0 ? QStringView() : rest.mid(comma + 1);
        return word;
    }
    QString word;
    qsizetype i = 1;
    for (; i < rest.size() && rest[i] != u'"'; ++i) {
        if (rest[i] != u'\\' || i + 1 == rest.size()) {
            word += rest[i];
        } else if (const auto code = rest[i + 1] == u'u' ? escapedCharacter(rest.mid(i + 2, 4)) : std::nullopt) {
            word += *code;
            i += 5;
        } else {
            word += rest[++i];
        }
    }
    const qsizetype comma = rest.indexOf(u',', i);
    rest = comma < 0 ? QStringView() : rest.mid(comma + 1);
    return word;
}

bool isPlain(const QString &value)
{
    constexpr auto unsafe = [](QChar c) { return !c.isPrint() || c == u','; };
    return !value.isEmpty() && !value.startsWith(u'"') && !value.endsWith(u'#') && !value.front().isSpace()
        && !value.back().isSpace() && std::ranges::none_of(value, unsafe);
}

} // namespace

std::optional<Annotation> parseAnnotation(std::string_view comment, int line)
{
    const std::string_view text = withoutHashes(comment);
    // `# Friendly name: nas (2)`: the first of the two separators counts.
    const std::size_t separator = text.find_first_of("=:");
    if (separator != std::string_view::npos)
        return keyed(text, separator, line);
    const auto begins = [&](std::string_view word) { return startsWithWord(text, word); };
    if (std::ranges::any_of(kEndWords, begins))
        return std::nullopt;
    if (const auto word = std::ranges::find_if(kNameWords, begins); word != kNameWords.end() && text.size() <= 200)
        return Annotation{line, u"client"_s, toText(trimmedView(text.substr(word->size())))};
    if (isShortBare(text))
        return Annotation{line, {}, toText(text)};
    return std::nullopt;
}

const Annotation *findAnnotation(const std::vector<Annotation> &annotations, const QString &key)
{
    const auto found = std::ranges::find(annotations, key, &Annotation::key);
    return found == annotations.end() ? nullptr : &*found;
}

QString annotatedText(const std::vector<Annotation> &annotations, const QString &key)
{
    const Annotation *found = findAnnotation(annotations, key);
    if (!found)
        return {};
    QStringView rest(found->value);
    return rest.startsWith(u'"') ? takeWord(rest) : found->value;
}

QStringList annotatedList(const std::vector<Annotation> &annotations, const QString &key)
{
    QStringList words;
    if (const Annotation *found = findAnnotation(annotations, key)) {
        for (QStringView rest = found->value; !rest.isEmpty();)
            words += takeWord(rest);
    }
    return words;
}

QString annotationText(const QString &value)
{
    if (isPlain(value))
        return value;
    QString quoted = u"\""_s;
    for (const QChar c : value) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\';
        if (c.isPrint())
            quoted += c;
        else
            quoted += u"\\u%1"_s.arg(uint(c.unicode()), 4, 16, QChar(u'0'));
    }
    return quoted + u'"';
}

QString annotationList(const QStringList &values)
{
    QStringList words;
    for (const QString &value : values)
        words += annotationText(value);
    return words.join(u", "_s);
}

} // namespace sallyport
