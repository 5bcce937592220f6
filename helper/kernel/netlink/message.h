// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/prefix.h"
#include "helper/handle.h"

#include <memory>
#include <netlink/msg.h>
#include <span>

namespace sallyport::netlink {

inline constexpr std::size_t kUsualRoom = 4096;

/// A request under construction. Its bytes are wiped before they are freed, since they may hold a key.
class Message {
public:
    Message(int type, int flags, std::size_t room = kUsualRoom);
    Message(Message &&) noexcept = default;
    Message &operator=(Message &&other) noexcept;
    ~Message();

    nlmsghdr *header() noexcept { return nlmsg_hdr(m_message.get()); }
    const nlmsghdr *header() const noexcept { return nlmsg_hdr(m_message.get()); }
    std::span<const quint8> bytes() const noexcept;

    /// Whether everything that was put so far had room.
    bool isComplete() const noexcept { return m_complete; }

    /// The fixed header that follows nlmsghdr (ifinfomsg, rtmsg, …).
    template<class T>
    Message &append(const T &fixed)
    {
        return noted(nlmsg_append(m_message.get(), const_cast<T *>(&fixed), sizeof(T), NLMSG_ALIGNTO) == 0);
    }
    Message &put(int attribute, std::span<const quint8> value);
    Message &put8(int attribute, quint8 value) { return put(attribute, {&value, 1}); }
    Message &put16(int attribute, quint16 value);
    Message &put32(int attribute, quint32 value);
    Message &putText(int attribute, const QString &value); ///< zero-terminated UTF-8
    Message &putAddress(int attribute, const IpAddress &value) { return put(attribute, value.bytes()); }

    nlattr *beginNest(int attribute);
    void endNest(nlattr *nest);

    /// For trying whether something fits: rewind(mark()) undoes all that was put in between.
    std::size_t mark() const noexcept { return header()->nlmsg_len; }
    void rewind(std::size_t mark) noexcept;

private:
    Message &noted(bool success) noexcept
    {
        m_complete = m_complete && success;
        return *this;
    }
    void wipe() noexcept;

    std::unique_ptr<nl_msg, Deleter<nlmsg_free>> m_message;
    bool m_complete = true;
};

} // namespace sallyport::netlink
