// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/port.h"

#include <algorithm>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;

void normalise(Device &device)
{
    for (ObservedPeer &observed : device.peers) {
        std::vector<Prefix> &allowed = observed.peer.allowedIps;
        std::ranges::sort(allowed);
        const auto [first, last] = std::ranges::unique(allowed);
        allowed.erase(first, last);
    }
    std::ranges::sort(
        device.peers, {}, [](const ObservedPeer &observed) -> const PublicKey & { return observed.peer.publicKey; });
}

QString describeSet(const ConfigureWireGuard &change)
{
    const QString what = u"Setting the WireGuard device "_s + change.link;
    return change.listenPort ? QString(what + u" with port %1"_s.arg(*change.listenPort)) : what;
}

Result<const SecretKey *> secretNamed(const QString &name, const Secrets &secrets)
{
    const SecretKey *key = secrets.find(name);
    if (key == nullptr)
        return Error{Errc::NotConfigured, u"There is no secret named '%1'."_s.arg(name), {}};
    return key;
}

std::optional<std::chrono::seconds> handshakeAge(qint64 seconds, qint64 nanoseconds)
{
    if (seconds <= 0 && nanoseconds == 0)
        return std::nullopt;
    using std::chrono::system_clock;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch());
    // The clock may have been set back since.
    return std::max(now - std::chrono::seconds(seconds), std::chrono::seconds(0));
}

} // namespace sallyport::wireguard
