// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/hosts/hosts_text.h"

#include <QByteArrayList>

#include <algorithm>

namespace sallyport::hosts {

namespace {

constexpr char kBegin[] = "# sallyport begin";
constexpr char kEnd[] = "# sallyport end";
constexpr char kMark[] = "# sallyport";

/// With their line breaks.
QByteArrayList linesOf(const QByteArray &text)
{
    QByteArrayList lines;
    for (qsizetype start = 0; start < text.size();) {
        const qsizetype found = text.indexOf('\n', start);
        const qsizetype next = found < 0 ? text.size() : found + 1;
        lines.append(text.mid(start, next - start));
        start = next;
    }
    return lines;
}

bool isLine(const QByteArray &line, const char *content)
{
    return line.trimmed() == content;
}

bool isMarked(const QByteArray &line)
{
    return line.trimmed().endsWith(kMark);
}

/// The index of the end marker that belongs to the begin marker at `begin`, or -1.
qsizetype blockEnd(const QByteArrayList &lines, qsizetype begin)
{
    for (qsizetype i = begin + 1; i < lines.size() && !isLine(lines[i], kBegin); ++i) {
        if (isLine(lines[i], kEnd))
            return i;
    }
    return -1;
}

/// What is ours and what is not.
struct Split {
    QByteArrayList ours;
    QByteArray others;
};

Split split(const QByteArray &text)
{
    Split parts;
    const QByteArrayList lines = linesOf(text);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const qsizetype end = isLine(lines[i], kBegin) ? blockEnd(lines, i) : -1;
        if (end >= 0) {
            parts.ours += lines.mid(i + 1, end - i - 1);
            i = end;
        } else if (isLine(lines[i], kBegin) || isLine(lines[i], kEnd)) {
            continue; // a marker that lost its partner
        } else if (isMarked(lines[i])) {
            parts.ours.append(lines[i]);
        } else {
            parts.others += lines[i];
        }
    }
    return parts;
}

QByteArray lineOf(const HostName &host)
{
    return host.address.toString().toUtf8() + '\t' + host.names.join(QLatin1Char(' ')).toUtf8() + '\t' + kMark + '\n';
}

} // namespace

QByteArray withBlock(const QByteArray &text, const std::vector<HostName> &names)
{
    QByteArray result = split(text).others;
    if (names.empty())
        return result;
    QByteArray block = QByteArray(kBegin) + '\n';
    for (const HostName &host : names)
        block += lineOf(host);
    block += QByteArray(kEnd) + '\n';
    // Before a last line without line break, so that nothing needs to be added that could not be taken away again.
    return result.insert(result.lastIndexOf('\n') + 1, block);
}

std::vector<HostName> namesIn(const QByteArray &text)
{
    std::vector<HostName> names;
    for (const QByteArray &line : split(text).ours) {
        const QByteArray content = line.left(line.indexOf('#')).simplified();
        QStringList words = QString::fromUtf8(content).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        const Result<IpAddress> address
            = words.isEmpty() ? Result<IpAddress>(Error{}) : IpAddress::parse(words.takeFirst());
        if (address)
            names.push_back({*address, words});
    }
    return names;
}

} // namespace sallyport::hosts
