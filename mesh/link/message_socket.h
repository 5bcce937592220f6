// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"
#include "core/meshlink/messages.h"
#include "core/result.h"

#include <QObject>
#include <QSocketNotifier>

#include <deque>

namespace sallyport::mesh {

/// Our end of the pair that the helper gave us: one message, one datagram. Never blocks.
class MessageSocket : public QObject {
    Q_OBJECT

public:
    /// Refused if it is no SOCK_SEQPACKET.
    static Result<std::unique_ptr<MessageSocket>> over(FileHandle socket);

    /// Probes are dropped when the helper does not keep up, as a network would. If it takes nothing else either, it hangs:
    /// the socket is closed.
    void send(const meshlink::ToHelper &message);

Q_SIGNALS:
    void received(const sallyport::meshlink::ToMesh &message);
    /// With the reason. Nothing comes or goes any more.
    void closed(const QString &reason);

private:
    explicit MessageSocket(FileHandle socket);
    void read();
    void write();
    void close(const QString &reason);
    enum class Sent { Yes, Later, Never };
    Sent sendNow(const QByteArray &bytes);

    FileHandle m_socket;
    std::vector<quint8> m_buffer;
    std::deque<QByteArray> m_waiting;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable;
};

} // namespace sallyport::mesh
