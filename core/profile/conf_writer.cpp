// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_writer.h"

#include "core/profile/annotation.h"
#include "core/profile/conf_scanner.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kValuesPerLine = 50;

} // namespace

void ConfWriter::line(const QString &text)
{
    m_text.append(QString(text + u'\n').toUtf8());
}

void ConfWriter::beginSection(const char *name)
{
    m_commented = false;
    line((m_text.size() == 0 ? u"["_s : u"\n["_s) + QLatin1String(name) + u']');
}

void ConfWriter::beginCommented(const char *name)
{
    m_commented = true;
    line(u"\n# ["_s + QLatin1String(name) + u']');
}

void ConfWriter::setting(const char *key, const QString &value)
{
    line((m_commented ? u"# "_s : QString()) + QLatin1String(key) + u" = "_s + value);
}

void ConfWriter::setting(const char *key, const QStringList &values)
{
    // Only the first of several equal comments would count.
    const qsizetype step = m_commented ? std::max<qsizetype>(values.size(), 1) : kValuesPerLine;
    for (qsizetype i = 0; i < values.size(); i += step)
        setting(key, values.mid(i, step).join(u", "_s));
}

void ConfWriter::secret(const char *key, const SecretKey &value)
{
    m_text.append(QByteArrayView(key));
    m_text.append(QByteArrayView(" = "));
    m_text.append(value);
    m_text.append(QByteArrayView("\n"));
}

void ConfWriter::annotation(const char *key, const QString &value)
{
    rawAnnotation(key, annotationText(value));
}

void ConfWriter::rawAnnotation(const char *key, const QString &value)
{
    line(u"# "_s + QLatin1String(key) + u" = "_s + value);
}

void ConfWriter::remark(const QString &text)
{
    line(u"# "_s + text);
}

Result<SecretText> ConfWriter::finish() &&
{
    if (m_text.size() > kMaximumConfSize)
        return Error{Errc::LimitExceeded, u"The file would be larger than %1 bytes."_s.arg(kMaximumConfSize), {}};
    return std::move(m_text);
}

} // namespace sallyport
