// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/ipc/unwrap.h"

#include <QDBusArgument>
#include <QDBusVariant>
#include <QStringList>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error refusal(Errc code, const QString &detail, const QString &place)
{
    return Error{code, detail, place};
}

class Unwrapper {
public:
    explicit Unwrapper(const UnwrapLimits &limits) : m_limits(limits) {}

    Result<QVariantMap> map(const QVariantMap &received, const QString &place, int depth)
    {
        QVariantMap plain;
        for (auto entry = received.cbegin(); entry != received.cend(); ++entry) {
            if (auto added = add(plain, entry.key(), entry.value(), place, depth); !added)
                return added.error();
        }
        return plain;
    }

private:
    Result<QVariant> value(const QVariant &received, const QString &place, int depth)
    {
        if (depth > m_limits.depth)
            return refusal(Errc::LimitExceeded, u"The value is nested too deeply."_s, place);
        if (++m_values > m_limits.values)
            return refusal(Errc::LimitExceeded, u"There are too many values."_s, place);
        if (received.metaType() == QMetaType::fromType<QDBusArgument>())
            return argument(received.value<QDBusArgument>(), place, depth);
        if (received.metaType() == QMetaType::fromType<QDBusVariant>())
            return value(received.value<QDBusVariant>().variant(), place, depth + 1);
        return plainValue(received, place, depth);
    }

    Result<QVariant> plainValue(const QVariant &received, const QString &place, int depth)
    {
        switch (received.typeId()) {
        case QMetaType::Bool:
        case QMetaType::UChar:
        case QMetaType::Short:
        case QMetaType::UShort:
        case QMetaType::Int:
        case QMetaType::UInt:
        case QMetaType::LongLong:
        case QMetaType::ULongLong:
        case QMetaType::Double:
            return received;
        case QMetaType::QString:
            return counted(received, received.toString().size(), place);
        case QMetaType::QByteArray:
            return counted(received, received.toByteArray().size(), place);
        case QMetaType::QStringList:
            return strings(received.toStringList(), place);
        case QMetaType::QVariantList:
            return list(received.toList(), place, depth);
        case QMetaType::QVariantMap:
            return boxed(map(received.toMap(), place, depth));
        default:
            return refusal(Errc::InvalidArgument, u"A value of this kind is not allowed here."_s, place);
        }
    }

    Result<QVariant> argument(const QDBusArgument &received, const QString &place, int depth)
    {
        switch (received.currentType()) {
        case QDBusArgument::MapType:
            return boxed(mapArgument(received, place, depth));
        case QDBusArgument::ArrayType:
            return listArgument(received, place, depth);
        case QDBusArgument::BasicType:
        case QDBusArgument::VariantType:
        case QDBusArgument::StructureType:
        case QDBusArgument::MapEntryType:
        case QDBusArgument::UnknownType:
            break;
        }
        return refusal(Errc::InvalidArgument, u"A value of this kind is not allowed here."_s, place);
    }

    /// What was begun is ended also when it is refused: QtDBus keeps the whole message otherwise, and libdbus stops
    /// reading for good when 63 MiB of messages are kept.
    Result<QVariantMap> mapArgument(const QDBusArgument &received, const QString &place, int depth)
    {
        received.beginMap();
        auto plain = entries(received, place, depth);
        received.endMap();
        return plain;
    }

    Result<QVariantMap> entries(const QDBusArgument &received, const QString &place, int depth)
    {
        QVariantMap plain;
        while (!received.atEnd()) {
            received.beginMapEntry();
            const QVariant key = received.asVariant();
            const QVariant entry = received.asVariant();
            received.endMapEntry();
            if (key.typeId() != QMetaType::QString)
                return refusal(Errc::InvalidArgument, u"The keys of a map must be strings."_s, place);
            if (auto added = add(plain, key.toString(), entry, place, depth); !added)
                return added.error();
        }
        return plain;
    }

    Result<QVariant> listArgument(const QDBusArgument &received, const QString &place, int depth)
    {
        received.beginArray();
        auto plain = items(received, place, depth);
        received.endArray();
        return plain;
    }

    Result<QVariant> items(const QDBusArgument &received, const QString &place, int depth)
    {
        QVariantList plain;
        while (!received.atEnd()) {
            if (auto appended = append(plain, received.asVariant(), place, depth); !appended)
                return appended.error();
        }
        return QVariant(plain);
    }

    Result<QVariant> list(const QVariantList &received, const QString &place, int depth)
    {
        QVariantList plain;
        for (const QVariant &item : received) {
            if (auto appended = append(plain, item, place, depth); !appended)
                return appended.error();
        }
        return QVariant(plain);
    }

    Result<QVariant> strings(const QStringList &received, const QString &place)
    {
        qsizetype characters = 0;
        for (const QString &text : received)
            characters += text.size();
        m_values += received.size();
        if (m_values > m_limits.values)
            return refusal(Errc::LimitExceeded, u"There are too many values."_s, place);
        return counted(received, characters, place);
    }

    Result<QVariant> counted(const QVariant &plain, qsizetype characters, const QString &place)
    {
        m_characters += characters;
        if (m_characters > m_limits.characters)
            return refusal(Errc::LimitExceeded, u"There is too much text."_s, place);
        return plain;
    }

    Result<Done> add(QVariantMap &plain, const QString &key, const QVariant &received, const QString &place, int depth)
    {
        // Keys are echoed in places: a long one must not make a long error.
        const QString here = (place.isEmpty() ? QString() : QString(place + u'.')) + key.left(64);
        if (auto fits = counted({}, key.size(), here); !fits)
            return fits.error();
        auto entry = value(received, here, depth + 1);
        if (!entry)
            return entry.error();
        plain.insert(key, *std::move(entry));
        return Done{};
    }

    Result<Done> append(QVariantList &plain, const QVariant &received, const QString &place, int depth)
    {
        auto item = value(received, place + u'[' + QString::number(plain.size()) + u']', depth + 1);
        if (!item)
            return item.error();
        plain.append(*std::move(item));
        return Done{};
    }

    static Result<QVariant> boxed(Result<QVariantMap> map)
    {
        if (!map)
            return map.error();
        return QVariant(*std::move(map));
    }

    const UnwrapLimits &m_limits;
    qsizetype m_values = 0;
    qsizetype m_characters = 0;
};

bool isNull(const QVariant &value)
{
    return !value.isValid() || value.typeId() == QMetaType::Nullptr;
}

QVariant sendable(const QVariant &value)
{
    if (value.typeId() == QMetaType::QVariantMap)
        return sallyport::withoutNulls(value.toMap());
    if (value.typeId() != QMetaType::QVariantList)
        return value;
    QVariantList kept;
    for (const QVariant &item : value.toList()) {
        if (!isNull(item))
            kept.append(sendable(item));
    }
    return kept;
}

} // namespace

Result<QVariantMap> unwrap(const QVariantMap &received, const UnwrapLimits &limits)
{
    return Unwrapper(limits).map(received, {}, 0);
}

QVariantMap withoutNulls(const QVariantMap &map)
{
    QVariantMap kept;
    for (auto entry = map.cbegin(); entry != map.cend(); ++entry) {
        if (!isNull(*entry))
            kept.insert(entry.key(), sendable(*entry));
    }
    return kept;
}

} // namespace sallyport
