// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "helper/handle.h"
#include "helper/probe/token_bucket.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace sallyport::probe {

/// Sends and receives probes on WireGuard's own port, beside WireGuard, which owns the real socket: raw sockets with a
/// filter that cannot be taken off. They sit behind the host's firewall, so what arrives here would have reached WireGuard
/// as well. What arrives is passed on unread.
class ProbeSocket : public QObject {
    Q_OBJECT

public:
    explicit ProbeSocket(QObject *parent = nullptr);

    /// Replaces what was open. IPv6 is left out where the kernel has none. Refused: nothing is open.
    Result<Done> open(quint16 port);
    void close();
    /// 0: closed.
    quint16 port() const { return m_port; }
    /// Refused by the kernel: no way there, or the probe is larger than the network carries.
    Result<Done> send(const meshlink::SendProbe &probe);

    /// For tests: the descriptor that receives, -1 if there is none.
    int descriptor(Family family) const;

Q_SIGNALS:
    void arrived(const meshlink::ProbeArrived &probe);

private:
    struct Receiver {
        Family family = Family::IPv4;
        FileHandle socket;
        std::unique_ptr<QSocketNotifier> notifier;
    };

    Result<Done> openReceiver(Receiver &receiver);
    Result<Done> openSender();
    void drain(Receiver &receiver);
    /// False: nothing was there.
    bool receive(const Receiver &receiver);
    void pause();
    void listenAgain();
    Result<Done> send4(const meshlink::SendProbe &probe);
    Result<Done> send6(const meshlink::SendProbe &probe);

    quint16 m_port = 0;
    Receiver m_receiver4{Family::IPv4, {}, {}};
    Receiver m_receiver6{Family::IPv6, {}, {}};
    FileHandle m_sender4; ///< IPPROTO_RAW: receives nothing
    TokenBucket m_arrivals;
    QTimer m_pause;
};

} // namespace sallyport::probe
