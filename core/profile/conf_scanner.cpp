// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_scanner.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kLongestKey = 32;

ConfLine scanLine(std::string_view line, int number)
{
    ConfLine result;
    result.number = number;
    const std::size_t hash = line.find('#');
    const std::string_view statement = trimmedView(line.substr(0, hash));
    if (hash != std::string_view::npos)
        result.comment = line.substr(hash + 1);
    if (statement.empty()) {
        result.kind = hash == std::string_view::npos ? ConfLine::Kind::Blank : ConfLine::Kind::Comment;
        return result;
    }
    const auto columnOf = [&](std::string_view part) { return static_cast<int>(part.data() - line.data()) + 1; };
    result.column = columnOf(statement);
    result.key = statement;
    if (statement.front() == '[') {
        result.kind = ConfLine::Kind::Section;
        return result;
    }
    const std::size_t equals = statement.find('=');
    result.kind = equals == std::string_view::npos ? ConfLine::Kind::Malformed : ConfLine::Kind::Setting;
    if (result.kind == ConfLine::Kind::Malformed)
        return result;
    result.key = trimmedView(statement.substr(0, equals));
    result.value = trimmedView(statement.substr(equals + 1));
    result.wholeValue = trimmedView(line.substr(line.find('=') + 1));
    result.column = columnOf(result.value.empty() ? statement.substr(equals) : result.value);
    return result;
}

Error tooLarge(const QString &detail, int line)
{
    return {Errc::LimitExceeded, detail, line > 0 ? u"%1:1"_s.arg(line) : QString()};
}

std::string_view withoutByteOrderMark(std::string_view text)
{
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

} // namespace

QString ConfLine::place() const
{
    return u"%1:%2"_s.arg(number).arg(column);
}

bool isBlank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string_view trimmedView(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

QByteArray squeezed(std::string_view text)
{
    QByteArray result;
    result.reserve(static_cast<qsizetype>(text.size()));
    std::ranges::copy_if(text, std::back_inserter(result), [](char c) { return !isBlank(c); });
    return result;
}

QByteArray foldedKey(std::string_view key)
{
    return key.size() > kLongestKey ? QByteArray() : squeezed(key).toLower();
}

Result<int> scanConf(std::span<const char> text, const std::function<std::optional<Error>(const ConfLine &)> &each)
{
    if (text.size() > kMaximumConfSize)
        return tooLarge(u"The file is larger than %1 bytes."_s.arg(kMaximumConfSize), 0);
    std::string_view rest(text.data(), text.size());
    if (rest.starts_with("\xff\xfe") || rest.starts_with("\xfe\xff"))
        return Error{Errc::InvalidArgument, u"The file is in UTF-16; save it as UTF-8."_s, u"1:1"_s};
    rest = withoutByteOrderMark(rest);
    int number = 0;
    while (!rest.empty()) {
        ++number;
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        if (line.size() > kMaximumConfLine)
            return tooLarge(u"The line is longer than %1 characters."_s.arg(kMaximumConfLine), number);
        if (const std::size_t nul = line.find('\0'); nul != std::string_view::npos)
            return Error{Errc::InvalidArgument, u"There is a NUL byte; this is not a text file."_s,
                u"%1:%2"_s.arg(number).arg(nul + 1)};
        if (auto refusal = each(scanLine(line, number)))
            return std::move(*refusal);
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return number;
}

} // namespace sallyport
