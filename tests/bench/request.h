// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <linux/netlink.h>
#include <span>

/// The least that can be done: one buffer, one send, one receive of the acknowledgement. Nothing of the product's
/// netlink code is in here, so that it can be measured against it.
namespace sallyport::bench {

class Request {
public:
    Request(std::uint16_t type, std::uint16_t flags, std::span<const std::uint8_t> fixedHeader);

    void put(std::uint16_t attribute, std::span<const std::uint8_t> value);
    void put8(std::uint16_t attribute, std::uint8_t value);
    void put16(std::uint16_t attribute, std::uint16_t value);
    void put32(std::uint16_t attribute, std::uint32_t value);
    void putText(std::uint16_t attribute, const char *text);
    std::size_t begin(std::uint16_t attribute);
    void end(std::size_t nest);

    std::span<std::uint8_t> finish(std::uint32_t sequence);

private:
    std::array<std::uint8_t, 64 * 1024> m_bytes;
    std::size_t m_size = 0;
};

class Channel {
public:
    explicit Channel(int protocol);
    ~Channel();
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    /// Zero, or the kernel's errno.
    int change(Request &request);
    /// The first attribute `wanted` of a generic netlink answer, as 16 bits; zero if there is none.
    std::uint16_t ask16(Request &request, std::uint16_t wanted);

private:
    std::size_t exchange(Request &request);

    int m_socket;
    std::uint32_t m_sequence = 0;
    std::array<std::uint8_t, 64 * 1024> m_answer;
};

template<class T>
std::span<const std::uint8_t> bytesOf(const T &value)
{
    return {reinterpret_cast<const std::uint8_t *>(&value), sizeof(T)};
}

} // namespace sallyport::bench
