// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"
#include "core/wire/note.h"

#include <QVariantMap>

#include <functional>
#include <optional>

namespace sallyport {

/// What a decoder found on its way: the first refusal, and everything worth telling.
struct Findings {
    std::optional<Error> refusal;
    std::vector<Note> notes;

    void refuse(Errc code, const QString &place, const QString &detail);
};

/// Reads typed values out of one untrusted map. A wrong value is noted once in Findings and yields a default, so that
/// decoders stay straight lines; whoever decodes checks `findings.refusal` at the end. Never trusts a size.
class MapReader {
public:
    MapReader(const QVariantMap &map, QString place, Findings &findings);

    bool has(const char *key) const;
    bool boolean(const char *key, bool fallback) const;
    quint64 integer(const char *key, quint64 minimum, quint64 maximum, quint64 fallback) const;
    QString text(const char *key) const; ///< empty if absent; at most kMaximumText characters, no control characters
    QString requiredText(const char *key) const;
    QVariantList list(const char *key, qsizetype maximum) const;
    std::optional<QVariantMap> map(const char *key) const;

    /// Calls `each` for every map of the list, with a reader whose place is `key[i]`.
    void maps(const char *key, qsizetype maximum, const std::function<void(const MapReader &)> &each) const;
    /// Parses each text of a list.
    template<class T>
    std::vector<T> parsedList(const char *key, qsizetype maximum, Result<T> (*parse)(QStringView)) const
    {
        std::vector<T> values;
        const QVariantList entries = list(key, maximum);
        for (qsizetype i = 0; i < entries.size(); ++i) {
            if (auto value = parsed(entries[i], at(key) + u'[' + QString::number(i) + u']', parse))
                values.push_back(std::move(*value));
        }
        return values;
    }
    template<class T>
    T parsedText(const char *key, Result<T> (*parse)(QStringView)) const
    {
        if (!has(key)) {
            refuse(key, QStringLiteral("is missing."));
            return T{};
        }
        return parsed(m_map.value(QLatin1String(key)), at(key), parse).value_or(T{});
    }

    QString at(const char *key) const;
    const QString &place() const { return m_place; }
    Findings &findings() const { return m_findings; }
    void refuse(const char *key, const QString &detail) const;
    /// Every word in the list `requires` must be in `known`.
    void checkRequires(const QStringList &known) const;

private:
    std::optional<QString> asText(const QVariant &value, const QString &place) const;
    template<class T>
    std::optional<T> parsed(const QVariant &value, const QString &place, Result<T> (*parse)(QStringView)) const
    {
        const std::optional<QString> text = asText(value, place);
        if (!text)
            return std::nullopt;
        Result<T> result = parse(*text);
        if (result)
            return std::move(*result);
        m_findings.refuse(result.error().code, place, result.error().detail);
        return std::nullopt;
    }

    const QVariantMap &m_map;
    QString m_place;
    Findings &m_findings;
};

inline constexpr qsizetype kMaximumText = 1024;

} // namespace sallyport
