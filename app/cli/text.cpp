// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/text.h"

#include "core/present/ways.h"

#include <algorithm>
#include <array>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

bool mayMoveTheCursor(char32_t c)
{
    const QChar::Category category = QChar::category(c);
    return category == QChar::Other_Control || category == QChar::Other_Format || category == QChar::Other_Surrogate
        || category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
}

QString escaped(QStringView utf16)
{
    QString text;
    for (const QChar unit : utf16)
        text += u"\\u%1"_s.arg(uint(unit.unicode()), 4, 16, QLatin1Char('0'));
    return text;
}

const char *adviceFor(Errc code)
{
    switch (code) {
    case Errc::NotAuthorized:
        return "ask an administrator, or run it as root";
    case Errc::AuthorizationUnavailable:
        return "start polkit, or run it as root";
    case Errc::HelperUnavailable:
        return "start it with 'systemctl start sallyport-helper', or see 'sally doctor'";
    case Errc::NotConfigured:
        return "configure it with 'sally apply' or 'sally import'";
    case Errc::UnknownName:
        return "see 'sally exit list' and 'sally device list'";
    case Errc::NameTaken:
    case Errc::FeatureMissing:
    case Errc::KernelRefused:
        return "see 'sally doctor'";
    case Errc::StorageFailed:
        return "check the space and the permissions of the disk";
    case Errc::Superseded:
        return "somebody else switched meanwhile; see 'sally status'";
    case Errc::UnsupportedRequirement:
        return "update Sallyport";
    case Errc::InvalidArgument:
    case Errc::LimitExceeded:
    case Errc::TimedOut:
    case Errc::Internal:
        return "";
    }
    return "";
}

} // namespace

QString printable(QStringView text)
{
    QString safe;
    safe.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const QStringView unit = text.mid(i, pair ? 2 : 1);
        const char32_t code
            = pair ? QChar::surrogateToUcs4(text.at(i), text.at(i + 1)) : char32_t(text.at(i).unicode());
        safe += mayMoveTheCursor(code) ? escaped(unit) : unit.toString();
        i += pair ? 1 : 0;
    }
    return safe;
}

QString sentenceOf(const Error &error)
{
    QString what = error.detail.trimmed();
    while (what.endsWith(u'.'))
        what.chop(1);
    if (what.isEmpty())
        what = u"it did not work"_s;
    // Decoders say `must be lan, public or any` of a place, everybody else says a whole sentence.
    const bool predicate = what.front().isLower();
    if (!error.place.isEmpty())
        what = predicate ? QString(error.place + u' ' + what) : QString(what + u", at "_s + error.place);
    const QString advice = QString::fromLatin1(adviceFor(error.code));
    return printable(advice.isEmpty() || what.contains(u';') ? what : what + u"; "_s + advice);
}

QStringList table(const std::vector<QStringList> &rows)
{
    std::vector<qsizetype> widths;
    std::vector<QStringList> cells;
    for (const QStringList &row : rows) {
        QStringList line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            line += printable(row.at(i));
            widths.resize(std::max(widths.size(), std::size_t(i) + 1));
            widths[std::size_t(i)] = std::max(widths[std::size_t(i)], line.last().size());
        }
        cells.push_back(line);
    }
    QStringList lines;
    for (const QStringList &row : cells) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i)
            line += i + 1 < row.size() ? row.at(i).leftJustified(widths[std::size_t(i)] + 2) : row.at(i);
        while (line.endsWith(u' '))
            line.chop(1);
        lines += line;
    }
    return lines;
}

QString duration(qint64 seconds)
{
    return spanOf(std::chrono::seconds(seconds));
}

QString byteCount(quint64 bytes)
{
    static constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    if (bytes < 1024)
        return u"%1 B"_s.arg(bytes);
    double value = double(bytes) / 1024;
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return QString::number(value, 'f', 1) + u' ' + QString::fromLatin1(kUnits[unit]);
}

} // namespace sallyport::cli
