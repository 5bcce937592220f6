// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_trace.h"

#include <QTextStream>

namespace sallyport::sim {

using namespace Qt::StringLiterals;

namespace {

template<class... Each>
struct Overloaded : Each... {
    using Each::operator()...;
};
template<class... Each>
Overloaded(Each...) -> Overloaded<Each...>;

void print(Time now, int device, const QString &what)
{
    // Not by qInfo: Qt Test ends after 2000 lines of it.
    QTextStream(stdout) << QString::number(std::chrono::duration<double>(now).count(), 'f', 3).rightJustified(10)
                        << (device == 0 ? u" A "_s : u" B "_s) << what << Qt::endl;
}

QString text(const std::optional<Endpoint> &endpoint)
{
    return endpoint ? endpoint->toString() : u"nowhere"_s;
}

QString text(const Probe &probe)
{
    if (const auto *ping = std::get_if<Ping>(&probe))
        return u"ping%1%2"_s.arg(ping->nominates ? u" nominates"_s : QString())
            .arg(ping->asksToInitiate ? u" asks to initiate"_s : QString());
    const Pong &pong = std::get<Pong>(probe);
    return u"pong seen from %1 at %2"_s.arg(pong.seenFrom.toString(), pong.receivedAt.toString());
}

} // namespace

bool isTraced()
{
    static const bool traced = qEnvironmentVariableIsSet("SALLYPORT_PATH_TRACE");
    return traced;
}

void trace(Time now, int device, const PathInput &input)
{
    const auto words = Overloaded{
        [](const NetworksChanged &changed) {
            QString all = u"networks"_s;
            for (const PathNetwork &each : changed.networks)
                all += u' ' + (each.addresses.empty() ? u"-"_s : each.addresses.front().toString());
            return all;
        },
        [](const ProbeHeard &heard) {
            return u"heard %1: %2"_s.arg(heard.source.toString(), text(heard.opened.probe));
        },
        [](const StatsRead &read) {
            const PeerStats &each = read.peers.front();
            return u"stats %1 received %2 sent %3 handshake %4"_s.arg(text(each.endpoint))
                .arg(each.receivedBytes)
                .arg(each.sentBytes)
                .arg(each.handshakeAge ? each.handshakeAge->count() : -1);
        },
        [](const MoveEnded &ended) {
            return u"move to %1 ended %2, now %3"_s.arg(ended.to.toString())
                .arg(static_cast<int>(ended.outcome))
                .arg(text(ended.now));
        },
        [](const TrialEnded &ended) {
            return u"trial of %1 ended %2, now %3"_s.arg(ended.to.toString())
                .arg(ended.hasAnswered)
                .arg(text(ended.now));
        },
        [](const NameResolved &resolved) {
            QString all = u"name"_s;
            for (const IpAddress &each : resolved.addresses)
                all += u' ' + each.toString();
            return all.left(200);
        },
        [](const PortalChanged &changed) { return u"portal %1"_s.arg(changed.isPortal); },
        [](const TrafficBegan &) { return u"traffic began"_s; },
        [](const SleepBegan &) { return u"sleep"_s; },
        [](const Woke &) { return u"woke"_s; },
        [](const PeersChanged &) { return u"peers"_s; },
        [](const HomeEnded &) { return u"home ended"_s; },
        [](const TimeCame &) { return QString(); },
    };
    const QString what = std::visit(words, input);
    if (!what.isEmpty())
        print(now, device, what);
}

void trace(Time now, int device, const PathRequest &request)
{
    const auto words = Overloaded{
        [](const AskProbe &ask) { return u"   -> %1: %2"_s.arg(ask.to.toString(), text(ask.probe)); },
        [](const AskMove &ask) { return u"   MOVE %1 %2 us"_s.arg(ask.to.toString()).arg(ask.roundTrip.count()); },
        [](const AskTrial &ask) { return u"   TRIAL %1 %2 ms"_s.arg(ask.to.toString()).arg(ask.window.count()); },
        [](const AskName &ask) { return u"   name? %1"_s.arg(ask.name); },
        [](const AskStats &) { return u"   stats?"_s; },
        [](const AskActivity &) { return u"   activity?"_s; },
        [](const TellOnLink &tell) { return u"   on link: %1"_s.arg(tell.peers.size()); },
        [](const LedgerMoved &) { return QString(); },
    };
    const QString what = std::visit(words, request);
    if (!what.isEmpty())
        print(now, device, what);
}

} // namespace sallyport::sim
