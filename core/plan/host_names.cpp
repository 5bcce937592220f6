// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/host_names.h"

#include <QUrl>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isReserved(const QString &name)
{
    return name.compare(u"localhost"_s, Qt::CaseInsensitive) == 0
        || name.endsWith(u".localhost"_s, Qt::CaseInsensitive);
}

QStringList namesOf(const Device &device, const QString &domain)
{
    QStringList names;
    for (const QString &name : QStringList(device.name) + device.aliases) {
        const QString ascii = QString::fromLatin1(QUrl::toAce(name));
        const auto probe = HostEndpoint::parse(QString(ascii + u":1"_s));
        if (!probe || !probe->isName() || isReserved(ascii))
            continue;
        if (!domain.isEmpty())
            names += QString(ascii + u'.' + domain);
        names += ascii;
    }
    return names;
}

} // namespace

std::vector<HostName> hostNames(const Home &home)
{
    std::vector<HostName> lines;
    for (const Device &device : home.devices) {
        const QStringList names = namesOf(device, home.domain);
        for (const Prefix &address : device.addresses) {
            if (!names.isEmpty() && address.length() == address.address().bitLength())
                lines.push_back({address.address(), names});
        }
    }
    return lines;
}

} // namespace sallyport
