// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString lineAndColumn(QByteArrayView text, qsizetype offset)
{
    const QByteArrayView before = text.first(qBound<qsizetype>(0, offset, text.size()));
    const qsizetype lastBreak = before.lastIndexOf('\n');
    const qsizetype line = 1 + std::count(before.begin(), before.end(), '\n');
    return u"%1:%2"_s.arg(line).arg(before.size() - lastBreak);
}

/// Brackets outside strings, counted before parsing: the parser's own limit is far deeper than ours.
qsizetype offsetTooDeep(QByteArrayView text, int maximum)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inString && c == '\\')
            ++i;
        else if (c == '"')
            inString = !inString;
        else if (!inString && (c == '{' || c == '['))
            ++depth;
        else if (!inString && (c == '}' || c == ']'))
            --depth;
        if (depth > maximum)
            return i;
    }
    return -1;
}

Result<QJsonDocument> readDocument(QByteArrayView text)
{
    if (text.size() > kMaximumJsonSize)
        return Error{Errc::LimitExceeded, u"The file is larger than 16 MiB."_s, {}};
    if (const qsizetype deep = offsetTooDeep(text, 32); deep >= 0)
        return Error{Errc::LimitExceeded, u"The file nests deeper than 32 levels."_s, lineAndColumn(text, deep)};
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), text.size()), &problem);
    if (problem.error != QJsonParseError::NoError)
        return Error{Errc::InvalidArgument, u"This is not JSON: %1."_s.arg(problem.errorString()),
            lineAndColumn(text, problem.offset)};
    return document;
}

} // namespace

Result<QVariantMap> readJson(QByteArrayView text)
{
    const Result<QJsonDocument> document = readDocument(text);
    if (!document)
        return document.error();
    if (!document->isObject())
        return Error{Errc::InvalidArgument, u"The file must hold one object: { … }."_s, u"1:1"_s};
    return document->object().toVariantMap();
}

Result<QVariantList> readJsonList(QByteArrayView text)
{
    const Result<QJsonDocument> document = readDocument(text);
    if (!document)
        return document.error();
    if (!document->isArray())
        return Error{Errc::InvalidArgument, u"The file must hold one list: [ … ]."_s, u"1:1"_s};
    return document->array().toVariantList();
}

QByteArray writeJson(const QVariantMap &map)
{
    return QJsonDocument(QJsonObject::fromVariantMap(map)).toJson(QJsonDocument::Indented);
}

} // namespace sallyport
