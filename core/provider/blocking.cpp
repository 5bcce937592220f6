// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/blocking.h"

#include "core/present/words.h"

namespace sallyport {

QString nameOf(Blocked what)
{
    switch (what) {
    case Blocked::Ads:
        return Words::tr("ads");
    case Blocked::Trackers:
        return Words::tr("trackers");
    case Blocked::Malware:
        return Words::tr("malware");
    case Blocked::Adult:
        return Words::tr("adult content");
    case Blocked::Gambling:
        return Words::tr("gambling");
    case Blocked::Social:
        return Words::tr("social media");
    case Blocked::Hardcore:
        return Words::tr("everything of Google and Facebook");
    }
    Q_UNREACHABLE();
}

IpAddress mullvadBlockingServer(BlockedSet blocked)
{
    const std::array<quint8, 4> bytes{100, 64, 0, static_cast<quint8>(blocked & kMullvadBlocks)};
    return IpAddress::fromBytes(Family::IPv4, bytes);
}

} // namespace sallyport
