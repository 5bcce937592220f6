// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/map_reader.h"

#include <algorithm>
#include <cmath>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isControl(QChar c)
{
    return c.category() == QChar::Other_Control || c.category() == QChar::Separator_Line
        || c.category() == QChar::Separator_Paragraph;
}

/// JSON has only one kind of number and D-Bus has eight: all of them, if the value is a whole number.
std::optional<quint64> wholeNumber(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UChar:
    case QMetaType::UShort:
    case QMetaType::UInt:
    case QMetaType::ULongLong:
        return value.toULongLong();
    case QMetaType::Short:
    case QMetaType::Int:
    case QMetaType::LongLong:
        return value.toLongLong() < 0 ? std::nullopt : std::optional(value.toULongLong());
    case QMetaType::Double: {
        const double number = value.toDouble();
        const bool whole = number >= 0 && number < 9007199254740992.0 && std::floor(number) == number;
        return whole ? std::optional(static_cast<quint64>(number)) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

std::optional<QVariantList> asList(const QVariant &value)
{
    if (value.typeId() != QMetaType::QVariantList && value.typeId() != QMetaType::QStringList)
        return std::nullopt;
    return value.toList();
}

} // namespace

void Findings::refuse(Errc code, const QString &place, const QString &detail)
{
    if (!refusal)
        refusal = Error{code, detail, place};
}

MapReader::MapReader(const QVariantMap &map, QString place, Findings &findings)
    : m_map(map), m_place(std::move(place)), m_findings(findings)
{
}

bool MapReader::has(const char *key) const
{
    return m_map.contains(QLatin1String(key));
}

QString MapReader::at(const char *key) const
{
    return m_place.isEmpty() ? QString::fromLatin1(key) : QString(m_place + u'.' + QLatin1String(key));
}

void MapReader::refuse(const char *key, const QString &detail) const
{
    m_findings.refuse(Errc::InvalidArgument, at(key), QString(u'\'' + QLatin1String(key) + u"' "_s + detail));
}

bool MapReader::boolean(const char *key, bool fallback) const
{
    if (!has(key))
        return fallback;
    const QVariant value = m_map.value(QLatin1String(key));
    if (value.typeId() != QMetaType::Bool)
        refuse(key, u"must be true or false."_s);
    return value.toBool();
}

quint64 MapReader::integer(const char *key, quint64 minimum, quint64 maximum, quint64 fallback) const
{
    if (!has(key))
        return fallback;
    const std::optional<quint64> number = wholeNumber(m_map.value(QLatin1String(key)));
    if (number && *number >= minimum && *number <= maximum)
        return *number;
    refuse(key, u"must be a whole number from %1 to %2."_s.arg(minimum).arg(maximum));
    return fallback;
}

std::optional<QString> MapReader::asText(const QVariant &value, const QString &place) const
{
    if (value.typeId() != QMetaType::QString) {
        m_findings.refuse(Errc::InvalidArgument, place, u"This must be a text."_s);
        return std::nullopt;
    }
    QString text = value.toString();
    if (text.size() > kMaximumText) {
        m_findings.refuse(Errc::LimitExceeded, place, u"This text is longer than %1 characters."_s.arg(kMaximumText));
        return std::nullopt;
    }
    if (std::ranges::any_of(text, isControl)) {
        m_findings.refuse(Errc::InvalidArgument, place, u"This text has control characters in it."_s);
        return std::nullopt;
    }
    return text;
}

QString MapReader::text(const char *key) const
{
    return has(key) ? asText(m_map.value(QLatin1String(key)), at(key)).value_or(QString()) : QString();
}

QString MapReader::requiredText(const char *key) const
{
    QString value = text(key);
    if (value.isEmpty())
        refuse(key, u"is missing."_s);
    return value;
}

QVariantList MapReader::list(const char *key, qsizetype maximum) const
{
    if (!has(key))
        return {};
    const std::optional<QVariantList> entries = asList(m_map.value(QLatin1String(key)));
    if (!entries) {
        refuse(key, u"must be a list."_s);
        return {};
    }
    if (entries->size() > maximum) {
        m_findings.refuse(Errc::LimitExceeded, at(key), u"This list is longer than %1 entries."_s.arg(maximum));
        return {};
    }
    return *entries;
}

std::optional<QVariantMap> MapReader::map(const char *key) const
{
    if (!has(key))
        return std::nullopt;
    const QVariant value = m_map.value(QLatin1String(key));
    if (value.typeId() != QMetaType::QVariantMap) {
        refuse(key, u"must be a group of keys."_s);
        return std::nullopt;
    }
    return value.toMap();
}

void MapReader::maps(const char *key, qsizetype maximum, const std::function<void(const MapReader &)> &each) const
{
    const QVariantList entries = list(key, maximum);
    for (qsizetype i = 0; i < entries.size(); ++i) {
        const QString entryPlace = at(key) + u'[' + QString::number(i) + u']';
        if (entries[i].typeId() != QMetaType::QVariantMap) {
            m_findings.refuse(Errc::InvalidArgument, entryPlace, u"This must be a group of keys."_s);
            return;
        }
        const QVariantMap entry = entries[i].toMap();
        each(MapReader(entry, entryPlace, m_findings));
    }
}

void MapReader::checkRequires(const QStringList &known) const
{
    const QVariantList words = list("requires", 64);
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString where = at("requires") + u'[' + QString::number(i) + u']';
        const std::optional<QString> word = asText(words[i], where);
        if (word && !known.contains(*word))
            m_findings.refuse(Errc::UnsupportedRequirement, where,
                u"This version does not know '%1'; update Sallyport."_s.arg(word->left(64)));
    }
}

} // namespace sallyport
