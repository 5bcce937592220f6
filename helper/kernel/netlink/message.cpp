// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/message.h"

#include <netlink/attr.h>
#include <new>
#include <sodium.h>

namespace sallyport::netlink {

Message::Message(int type, int flags, std::size_t room) : m_message(nlmsg_alloc_size(room))
{
    if (!m_message)
        throw std::bad_alloc();
    nlmsg_put(m_message.get(), 0, 0, type, 0, flags);
}

Message &Message::operator=(Message &&other) noexcept
{
    wipe();
    m_message = std::move(other.m_message);
    m_complete = other.m_complete;
    return *this;
}

Message::~Message()
{
    wipe();
}

void Message::wipe() noexcept
{
    // Up to the allocated size: a rewound attempt may have left a key behind the end.
    if (m_message)
        sodium_memzero(nlmsg_hdr(m_message.get()), nlmsg_get_max_size(m_message.get()));
}

std::span<const quint8> Message::bytes() const noexcept
{
    return {reinterpret_cast<const quint8 *>(header()), header()->nlmsg_len};
}

Message &Message::put(int attribute, std::span<const quint8> value)
{
    return noted(nla_put(m_message.get(), attribute, static_cast<int>(value.size()), value.data()) == 0);
}

Message &Message::put16(int attribute, quint16 value)
{
    return noted(nla_put_u16(m_message.get(), attribute, value) == 0);
}

Message &Message::put32(int attribute, quint32 value)
{
    return noted(nla_put_u32(m_message.get(), attribute, value) == 0);
}

Message &Message::putText(int attribute, const QString &value)
{
    const QByteArray text = value.toUtf8();
    return noted(nla_put_string(m_message.get(), attribute, text.constData()) == 0);
}

nlattr *Message::beginNest(int attribute)
{
    nlattr *nest = nla_nest_start(m_message.get(), attribute);
    noted(nest != nullptr);
    return nest;
}

void Message::endNest(nlattr *nest)
{
    if (nest != nullptr)
        noted(nla_nest_end(m_message.get(), nest) == 0);
}

void Message::rewind(std::size_t mark) noexcept
{
    header()->nlmsg_len = static_cast<quint32>(mark);
    m_complete = true;
}

} // namespace sallyport::netlink
