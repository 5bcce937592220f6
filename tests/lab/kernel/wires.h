// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/handle.h"
#include "tests/model/packet.h"

#include <QStringList>

#include <map>
#include <memory>

namespace sallyport::test {

/// The bytes of a packet with right lengths and checksums; `cookie` ends it.
QByteArray bytesOf(const model::Packet &packet, quint32 cookie);
/// None: not one of ours.
std::optional<quint32> cookieOf(const QByteArray &received);

/// Where packets were seen, by cookie: the link on whose far end they came out, or `here`.
using Seen = std::multimap<quint32, QString>;

/// Pairs of virtual Ethernet whose far ends lie in a namespace where nobody answers. The near ends need no neighbours.
class Wires {
public:
    /// What a socket hands out.
    enum class Content { Frame, Packet, Icmp6 };

    /// Fails the running test when something cannot be made.
    explicit Wires(const QStringList &links);

    /// Returns once packets pass in both directions.
    void setUp(const QString &link);
    /// Through a raw socket, as any program sends; a refusal is an answer, too.
    void send(const model::Packet &packet, quint32 cookie);
    /// Onto the far end of its input link.
    void inject(const model::Packet &packet, quint32 cookie);
    /// Everything that was seen since the last call, once nothing is under way any more.
    Seen collect();

private:
    void openFarEnds(const QStringList &links);
    bool passSentinel(Seen &seen);
    bool readUntil(const QByteArray &last, int socket, const QString &where, Seen &seen);
    void drain(int socket, const QString &where, Content content, Seen &seen);

    std::map<QString, FileHandle> m_far; ///< packet sockets, by the name of the near end
    std::map<QString, QByteArray> m_addresses; ///< hardware addresses of the near ends
    std::vector<FileHandle> m_here; ///< raw sockets, which the kernel serves after the input hook; that of ICMPv6 last
    FileHandle m_near; ///< packet socket of the first link
    QString m_first;
};

} // namespace sallyport::test
