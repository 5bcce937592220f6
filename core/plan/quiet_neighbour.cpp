// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/quiet_neighbour.h"

#include <QRegularExpression>

namespace sallyport {

using namespace Qt::StringLiterals;

std::vector<Setting> quietNeighbours(const std::vector<Uplink> &uplinks)
{
    static const QRegularExpression plain(u"\\A[A-Za-z0-9_.:@-]+\\z"_s);
    std::vector<Setting> settings;
    for (const Uplink &uplink : uplinks) {
        if (plain.match(uplink.name).hasMatch())
            settings.push_back({u"ipv4/conf/%1/arp_ignore"_s.arg(uplink.name), u"1"_s});
    }
    return settings;
}

bool isQuietNeighbour(const Setting &setting)
{
    return setting.path.endsWith(u"/arp_ignore"_s);
}

bool isQuietEnough(const Setting &inForce, const Setting &wanted)
{
    return inForce.path == wanted.path && inForce.value.toInt() >= wanted.value.toInt();
}

} // namespace sallyport
