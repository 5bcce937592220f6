// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/hosts/hosts_file.h"

#include "helper/files/replace_file.h"
#include "helper/kernel/hosts/hosts_text.h"

#include <QRegularExpression>

#include <algorithm>

namespace sallyport::hosts {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLimit = 8 * 1024 * 1024;

bool isName(const QString &name)
{
    static const QRegularExpression shape(u"\\A[A-Za-z0-9_.-]{1,253}\\z"_s);
    return shape.match(name).hasMatch();
}

} // namespace

Result<std::vector<HostName>> HostsFile::read() const
{
    const Result<QByteArray> text = contentOf(m_path, kLimit);
    if (!text)
        return text.error();
    return namesIn(*text);
}

Result<Done> HostsFile::write(const std::vector<HostName> &names) const
{
    for (const HostName &host : names) {
        const auto bad = std::ranges::find_if_not(host.names, isName);
        if (bad != host.names.end() || host.names.isEmpty())
            return Error{Errc::InvalidArgument,
                u"The names of %1 cannot be written to %2."_s.arg(host.address.toString(), m_path), {}};
    }
    const Result<QByteArray> text = contentOf(m_path, kLimit);
    if (!text)
        return text.error();
    const QByteArray changed = withBlock(*text, names);
    if (changed == *text)
        return Done{};
    return replaceFile(m_path, changed, 0644);
}

} // namespace sallyport::hosts
