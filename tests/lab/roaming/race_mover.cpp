// SPDX-License-Identifier: GPL-2.0-or-later
/// The helper's mover and trial, in a program of their own: takes one request a line from standard input, and answers
/// each with one line of JSON.
///     move KEY ENDPOINT ROUND-TRIP-US      try KEY ENDPOINT WINDOW-MS
#include "helper/kernel/wireguard/kernel_wireguard.h"
#include "helper/kernel/wireguard/uapi_wireguard.h"
#include "helper/probe/echo_sender.h"
#include "helper/probe/endpoint_mover.h"
#include "helper/probe/endpoint_trial.h"
#include "helper/probe/home_peers.h"
#include "helper/probe/kernel_paths.h"
#include "helper/probe/packet_carrier.h"
#include "helper/probe/pin_rules.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSocketNotifier>

#include <cstdio>
#include <iostream>
#include <net/if.h>
#include <string>
#include <unistd.h>

using namespace sallyport;
using namespace sallyport::probe;
using namespace Qt::StringLiterals;

namespace {

class NoSecrets : public Secrets {
public:
    const SecretKey *find(const QString &) const override { return nullptr; }
};

/// As on a machine without nftables.
class NoPins : public PinPort {
public:
    Result<Done> put(const std::vector<Pin> &) override { return Error{Errc::FeatureMissing, u"No nftables."_s, {}}; }
};

/// As when there are no more sockets.
class NoCarriers : public CarryPort {
public:
    Result<std::unique_ptr<Carriage>> carry(Family, const Endpoint &, quint16) override
    {
        return Error{Errc::KernelRefused, u"No carrier."_s, {}};
    }
};

/// `fe80::1%veth0` is what people write; the helper is given numbers.
std::optional<Endpoint> endpointIn(const QString &text)
{
    const qsizetype at = text.indexOf(u'%');
    if (at < 0) {
        const auto endpoint = Endpoint::parse(text);
        return endpoint ? std::optional(*endpoint) : std::nullopt;
    }
    const qsizetype end = text.indexOf(u']', at);
    const auto endpoint = Endpoint::parse(QString(text).remove(at, end - at));
    if (!endpoint)
        return std::nullopt;
    Endpoint scoped = *endpoint;
    scoped.scopeId = if_nametoindex(text.mid(at + 1, end - at - 1).toUtf8().constData());
    return scoped;
}

const char *wordOf(MoveOutcome outcome)
{
    switch (outcome) {
    case MoveOutcome::Held:
        return "held";
    case MoveOutcome::SlippedBack:
        return "slipped back";
    case MoveOutcome::Refused:
        return "refused";
    }
    return "?";
}

void say(const char *outcome, const std::optional<Endpoint> &now, const QElapsedTimer &timer)
{
    std::printf("{\"outcome\": \"%s\", \"now\": \"%s\", \"ms\": %.1f}\n", outcome,
        now ? qPrintable(now->toString()) : "", static_cast<double>(timer.nsecsElapsed()) / 1e6);
    std::fflush(stdout);
}

void obey(const QStringList &words, EndpointMover &mover, EndpointTrial &trial)
{
    QElapsedTimer timer;
    timer.start();
    const auto key = PublicKey::parse(words.value(1));
    const auto to = endpointIn(words.value(2));
    if (words.size() != 4 || !key || !to)
        return say("not understood", {}, timer);
    if (words.first() == u"move"_s)
        mover.move({0, *key, *to, std::chrono::microseconds(words.last().toLongLong())},
            [timer](const meshlink::Moved &moved) { say(wordOf(moved.outcome), moved.now, timer); });
    else
        trial.tryOut({0, *key, *to, std::chrono::milliseconds(words.last().toLongLong())},
            [timer](
                const meshlink::Tried &tried) { say(tried.hasAnswered ? "answered" : "silent", tried.now, timer); });
}

PathTime now()
{
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

} // namespace

/// race_mover LINK SOCKETS [without-nft] [without-carriers]
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const NoSecrets secrets;
    wireguard::KernelWireGuard kernel(secrets);
    wireguard::UapiWireGuard userspace(secrets, arguments.value(2));
    HomePeers peers({&kernel, &userspace}, arguments.value(1));
    nft::Tables tables;
    PinRules rules(tables);
    NoPins none;
    KernelPaths routes;
    EchoSender echo(arguments.value(1));
    TrafficMemory memory;
    const bool hasNft = !arguments.contains(u"without-nft"_s);
    PacketCarrier carriers;
    NoCarriers noCarriers;
    const bool carries = !arguments.contains(u"without-carriers"_s);
    EndpointMover mover({peers, hasNft ? static_cast<PinPort &>(rules) : none, routes,
        carries ? static_cast<CarryPort &>(carriers) : noCarriers});
    EndpointTrial trial(peers, echo, memory, now);
    (void)mover.start();
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [&] {
        // One line is asked for and answered at a time, so that no second one is ever buffered unseen.
        std::string line;
        if (!std::getline(std::cin, line))
            return QCoreApplication::quit();
        obey(QString::fromStdString(line).split(u' '), mover, trial);
    });
    return QCoreApplication::exec();
}
