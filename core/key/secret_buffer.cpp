// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/secret_buffer.h"

#include <algorithm>
#include <new>
#include <sodium.h>

namespace sallyport {

void SecretBuffer::Free::operator()(char *memory) const noexcept
{
    sodium_free(memory);
}

SecretBuffer::SecretBuffer(std::size_t capacity)
{
    if (sodium_init() < 0)
        throw std::bad_alloc();
    grow(capacity);
}

void SecretBuffer::grow(std::size_t capacity)
{
    std::unique_ptr<char, Free> memory(static_cast<char *>(sodium_malloc(capacity)));
    if (!memory)
        throw std::bad_alloc();
    std::copy_n(m_memory.get(), m_size, memory.get());
    m_memory = std::move(memory);
    m_capacity = capacity;
}

std::span<char> SecretBuffer::room(std::size_t size)
{
    if (m_capacity - m_size < size)
        grow(std::max(m_capacity * 2, m_size + size));
    return {m_memory.get() + m_size, m_capacity - m_size};
}

void SecretBuffer::append(std::string_view text)
{
    std::ranges::copy(text, room(text.size()).begin());
    commit(text.size());
}

void SecretBuffer::appendHex(std::span<const unsigned char> bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::span<char> target = room(bytes.size() * 2);
    for (const unsigned char byte : bytes) {
        target[0] = kDigits[byte >> 4];
        target[1] = kDigits[byte & 15];
        target = target.subspan(2);
    }
    commit(bytes.size() * 2);
}

} // namespace sallyport
