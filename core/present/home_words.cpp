// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/home_words.h"

#include "core/present/words.h"

#include <QLocale>

#include <algorithm>

namespace sallyport {

namespace {

qsizetype reachable(const HomeSnapshot &home)
{
    return std::ranges::count(home.peers, PeerPhase::Up, &PeerSnapshot::phase);
}

/// No device answers from the network that we are in, and one does from elsewhere.
bool isAway(const HomeSnapshot &home)
{
    const auto here = [](const PeerSnapshot &peer) { return peer.phase == PeerPhase::Up && peer.via == Via::Lan; };
    const auto away = [](const PeerSnapshot &peer) {
        return peer.phase == PeerPhase::Up && (peer.via == Via::Public || peer.via == Via::Relay);
    };
    return std::ranges::none_of(home.peers, here) && std::ranges::any_of(home.peers, away);
}

QString devicesSentence(const HomeSnapshot &home)
{
    const qsizetype up = reachable(home);
    const qsizetype all = static_cast<qsizetype>(home.peers.size());
    if (all == 0)
        return Words::tr("There is no other device yet.");
    if (up == 0)
        return Words::tr("No device has answered yet.");
    if (all == 1)
        //: %1 is the name of the only other device
        return Words::tr("%1 answers.").arg(home.peers.front().name);
    //: %1 of %2 devices, as numbers; %2 is at least 2
    return Words::tr("%1 of %2 devices reachable.").arg(QLocale().toString(up), QLocale().toString(all));
}

QString placeLine(const PeerSnapshot &peer)
{
    switch (peer.via) {
    case Via::Lan:
        return Words::tr("%1 on this network").arg(peer.name);
    case Via::Public:
        return Words::tr("%1 through the internet").arg(peer.name);
    case Via::Relay:
        return Words::tr("%1 through another device").arg(peer.name);
    case Via::Unknown:
        break;
    }
    return Words::tr("%1 answers").arg(peer.name);
}

QString silentLine(const PeerSnapshot &peer)
{
    const auto age = peer.activity.handshakeAge;
    if (!age)
        return Words::tr("%1 has not answered yet").arg(peer.name);
    const auto minutes = std::max<qint64>(1, std::chrono::duration_cast<std::chrono::minutes>(*age).count());
    //: %1 is a device; short for minutes
    return Words::tr("%1 has not answered for %2 min").arg(peer.name, QLocale().toString(minutes));
}

void addPeerLines(QStringList &lines, const HomeSnapshot &home)
{
    const auto up = std::ranges::find(home.peers, PeerPhase::Up, &PeerSnapshot::phase);
    if (up != home.peers.end())
        lines.append(placeLine(*up));
    const auto silent = std::ranges::find_if(home.peers,
        [](const PeerSnapshot &peer) { return peer.phase == PeerPhase::Stale || peer.phase == PeerPhase::Down; });
    if (silent != home.peers.end())
        lines.append(silentLine(*silent));
}

} // namespace

Glyph homeGlyph(const HomeSnapshot &home)
{
    if (!home.enabled)
        return Glyph::Off;
    return glyphOf(home.phase);
}

QString homeState(const HomeSnapshot &home)
{
    return stateOf(homeGlyph(home), home.configured ? Words::tr("Off") : Words::tr("Not set up"));
}

QString homeSentence(const HomeSnapshot &home)
{
    switch (homeGlyph(home)) {
    case Glyph::Off:
        return home.configured ? Words::tr("Home is off.") : Words::tr("Home is not set up yet.");
    case Glyph::Starting:
        return Words::tr("Home is starting…");
    case Glyph::On:
        //: %1 is a whole sentence about the devices
        return (isAway(home) ? Words::tr("Home is on through the internet. %1") : Words::tr("Home is on. %1"))
            .arg(devicesSentence(home));
    case Glyph::Doubtful:
        return Words::tr("Home is on, but no device answers.");
    case Glyph::Blocked:
    case Glyph::Attention:
        break;
    }
    return Words::tr("Home could not be switched on.");
}

QStringList homeLines(const HomeSnapshot &home)
{
    if (!home.configured && !home.enabled)
        //: “sally apply FILE” is a command
        return {Words::tr("Set it up with “sally apply FILE”.")};
    if (!home.enabled)
        return {Words::tr("Your own devices are not reached from here.")};
    QStringList lines{devicesSentence(home)};
    addPeerLines(lines, home);
    quint64 received = 0;
    quint64 sent = 0;
    for (const PeerSnapshot &peer : home.peers) {
        received += peer.activity.receivedBytes;
        sent += peer.activity.sentBytes;
    }
    if (const QString traffic = trafficLine(received, sent); !traffic.isEmpty())
        lines.append(traffic);
    return lines;
}

QString trafficLine(quint64 receivedBytes, quint64 sentBytes)
{
    if (receivedBytes == 0 && sentBytes == 0)
        return {};
    const auto size = [](quint64 bytes) {
        return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1, QLocale::DataSizeSIFormat);
    };
    //: %1 and %2 are amounts of data, such as 1.2 MB
    return Words::tr("%1 received, %2 sent").arg(size(receivedBytes), size(sentBytes));
}

} // namespace sallyport
