// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"
#include "core/result.h"
#include "mesh/network/route_messages.h"

#include <functional>

namespace sallyport::mesh {

/// One rtnetlink socket for questions; needs no privilege. Belongs to the network namespace of who asks first.
class RouteQuestions {
public:
    using Visit = std::function<void(const nlmsghdr &)>;

    struct Question {
        quint16 kind = 0; ///< RTM_GETLINK, …
        quint8 family = 0; ///< AF_…; 0: all
    };
    /// Everything of one kind. Asked again if it changed while it was read; `restart` forgets what was visited.
    Result<Done> dump(Question question, const std::function<void()> &restart, const Visit &visit);

private:
    enum class Outcome { Complete, Torn, Lost };

    Result<Done> open();
    bool send(Question question);
    Outcome receive(const Visit &visit);

    FileHandle m_socket;
    quint32 m_sequence = 0;
    std::vector<quint8> m_buffer;
};

/// Splits a datagram into the messages that are whole.
void visitMessages(std::span<const quint8> datagram, const RouteQuestions::Visit &visit);
/// The reason in errno, as a sentence.
Error systemError(const QString &what);

} // namespace sallyport::mesh
