// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/request.h"

#include <cerrno>
#include <cstring>
#include <linux/genetlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sallyport::bench {

Request::Request(std::uint16_t type, std::uint16_t flags, std::span<const std::uint8_t> fixedHeader)
{
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    std::memcpy(m_bytes.data(), &header, sizeof header);
    std::memcpy(m_bytes.data() + NLMSG_HDRLEN, fixedHeader.data(), fixedHeader.size());
    m_size = NLMSG_HDRLEN + NLMSG_ALIGN(fixedHeader.size());
}

void Request::put(std::uint16_t attribute, std::span<const std::uint8_t> value)
{
    const nlattr header{static_cast<std::uint16_t>(NLA_HDRLEN + value.size()), attribute};
    std::memcpy(m_bytes.data() + m_size, &header, sizeof header);
    if (!value.empty())
        std::memcpy(m_bytes.data() + m_size + NLA_HDRLEN, value.data(), value.size());
    const std::size_t padded = NLA_ALIGN(NLA_HDRLEN + value.size());
    std::memset(m_bytes.data() + m_size + NLA_HDRLEN + value.size(), 0, padded - NLA_HDRLEN - value.size());
    m_size += padded;
}

void Request::put8(std::uint16_t attribute, std::uint8_t value)
{
    put(attribute, bytesOf(value));
}

void Request::put16(std::uint16_t attribute, std::uint16_t value)
{
    put(attribute, bytesOf(value));
}

void Request::put32(std::uint16_t attribute, std::uint32_t value)
{
    put(attribute, bytesOf(value));
}

void Request::putText(std::uint16_t attribute, const char *text)
{
    put(attribute, {reinterpret_cast<const std::uint8_t *>(text), std::strlen(text) + 1});
}

std::size_t Request::begin(std::uint16_t attribute)
{
    const std::size_t nest = m_size;
    put(static_cast<std::uint16_t>(attribute | NLA_F_NESTED), {});
    return nest;
}

void Request::end(std::size_t nest)
{
    const auto length = static_cast<std::uint16_t>(m_size - nest);
    std::memcpy(m_bytes.data() + nest, &length, sizeof length);
}

std::span<std::uint8_t> Request::finish(std::uint32_t sequence)
{
    nlmsghdr header;
    std::memcpy(&header, m_bytes.data(), sizeof header);
    header.nlmsg_len = static_cast<std::uint32_t>(m_size);
    header.nlmsg_seq = sequence;
    std::memcpy(m_bytes.data(), &header, sizeof header);
    return std::span(m_bytes).first(m_size);
}

Channel::Channel(int protocol) : m_socket(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol))
{
    sockaddr_nl local{};
    local.nl_family = AF_NETLINK;
    if (bind(m_socket, reinterpret_cast<sockaddr *>(&local), sizeof local) != 0)
        _exit(1);
}

Channel::~Channel()
{
    close(m_socket);
}

std::size_t Channel::exchange(Request &request)
{
    const auto message = request.finish(++m_sequence);
    if (send(m_socket, message.data(), message.size(), 0) < 0)
        return 0;
    const ssize_t size = recv(m_socket, m_answer.data(), m_answer.size(), 0);
    return size < 0 ? 0 : static_cast<std::size_t>(size);
}

int Channel::change(Request &request)
{
    if (exchange(request) < NLMSG_HDRLEN + sizeof(int))
        return errno != 0 ? errno : EIO;
    nlmsghdr header;
    int error = 0;
    std::memcpy(&header, m_answer.data(), sizeof header);
    std::memcpy(&error, m_answer.data() + NLMSG_HDRLEN, sizeof error);
    return header.nlmsg_type == NLMSG_ERROR && header.nlmsg_seq == m_sequence ? -error : EPROTO;
}

std::uint16_t Channel::ask16(Request &request, std::uint16_t wanted)
{
    const std::size_t size = exchange(request);
    std::size_t at = NLMSG_HDRLEN + GENL_HDRLEN;
    while (at + NLA_HDRLEN + sizeof(std::uint16_t) <= size) {
        nlattr attribute;
        std::memcpy(&attribute, m_answer.data() + at, sizeof attribute);
        if (attribute.nla_type == wanted) {
            std::uint16_t value = 0;
            std::memcpy(&value, m_answer.data() + at + NLA_HDRLEN, sizeof value);
            return value;
        }
        at += NLA_ALIGN(attribute.nla_len);
    }
    return 0;
}

} // namespace sallyport::bench
