// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/far_side.h"

#include "app/cli/ping.h"
#include "app/descriptor.h"

#include <QElapsedTimer>

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>
#include <vector>

namespace sallyport::cli {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 1500ms;
constexpr std::array<quint16, 3> kPorts = {22, 80, 443};
const QString kTcp = u"TCP ports 22, 80 and 443"_s;

struct Knock {
    Descriptor socket;
    quint16 port = 0;
    int error = EINPROGRESS; ///< of the connection; 0: it stands
};

Knock knock(const IpAddress &address, quint16 port)
{
    sockaddr_storage to{};
    const unsigned length = fillAddress(to, address, port);
    Knock made{Descriptor(::socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)), port};
    if (!made.socket || ::connect(made.socket.get(), reinterpret_cast<const sockaddr *>(&to), length) != 0)
        made.error = errno;
    else
        made.error = 0;
    return made;
}

/// A refusal is an answer as well: somebody is there.
bool isAnswer(int error)
{
    return error == 0 || error == ECONNREFUSED;
}

void takeResult(Knock &waiting)
{
    socklen_t size = sizeof waiting.error;
    if (::getsockopt(waiting.socket.get(), SOL_SOCKET, SO_ERROR, &waiting.error, &size) != 0)
        waiting.error = errno;
}

/// Until one of them has news; false: none had in time.
bool waitForNews(std::vector<Knock> &knocks, std::chrono::milliseconds left)
{
    std::vector<pollfd> descriptors;
    for (const Knock &each : knocks)
        descriptors.push_back({each.error == EINPROGRESS ? each.socket.get() : -1, POLLOUT, 0});
    if (left <= 0ms || ::poll(descriptors.data(), descriptors.size(), int(left.count())) <= 0)
        return false;
    for (std::size_t i = 0; i < knocks.size(); ++i) {
        if (descriptors[i].revents != 0)
            takeResult(knocks[i]);
    }
    return true;
}

/// The first that answers; nullptr: none did in time.
const Knock *waitForAny(std::vector<Knock> &knocks)
{
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        const auto answered = std::ranges::find_if(knocks, [](const Knock &each) { return isAnswer(each.error); });
        if (answered != knocks.end())
            return &*answered;
        if (!waitForNews(knocks, kPatience - std::chrono::milliseconds(timer.elapsed())))
            return nullptr;
    }
}

FarSide askByTcp(const IpAddress &address)
{
    QElapsedTimer timer;
    timer.start();
    std::vector<Knock> knocks;
    for (const quint16 port : kPorts)
        knocks.push_back(knock(address, port));
    FarSide far;
    if (const Knock *answered = waitForAny(knocks)) {
        far.kind = FarSide::Kind::Answered;
        far.how = u"TCP port %1"_s.arg(answered->port);
        far.took = std::chrono::microseconds(timer.nsecsElapsed() / 1000);
        return far;
    }
    const bool isBlocked
        = std::ranges::all_of(knocks, [](const Knock &each) { return each.error == EPERM || each.error == EACCES; });
    far.kind = isBlocked ? FarSide::Kind::Blocked : FarSide::Kind::Silent;
    far.how = kTcp;
    return far;
}

FarSide answered(const IpAddress &address, const Pinged &first, quint32 largeSize)
{
    FarSide far;
    far.kind = FarSide::Kind::Answered;
    far.how = u"ping"_s;
    far.took = first.took;
    if (largeSize == 0)
        return far;
    const Pinged::Kind large = ping(address, largeSize).kind;
    if (large != Pinged::Kind::Answered && large != Pinged::Kind::Silent)
        return far;
    far.large = large == Pinged::Kind::Answered ? FarSide::LargePackets::Through : FarSide::LargePackets::Lost;
    far.largeSize = largeSize;
    return far;
}

} // namespace

FarSide askFarSide(const IpAddress &address, quint32 largeSize)
{
    const Pinged first = ping(address, 0);
    if (first.kind == Pinged::Kind::Answered)
        return answered(address, first, largeSize);
    FarSide far = askByTcp(address);
    if (far.kind != FarSide::Kind::Silent)
        return far;
    // What the host's filter drops, TCP goes on sending without a word; a ping was told.
    if (first.kind == Pinged::Kind::Blocked) {
        far.kind = FarSide::Kind::Blocked;
        far.how = u"ping"_s;
    } else if (first.kind == Pinged::Kind::NotPermitted) {
        far.kind = FarSide::Kind::NotAsked;
        far.how = u"ping is not permitted to this user, and %1 are silent"_s.arg(kTcp);
    } else {
        far.how = u"ping, %1"_s.arg(kTcp);
    }
    return far;
}

} // namespace sallyport::cli
