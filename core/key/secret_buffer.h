// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>

namespace sallyport {

/// Growing text that may hold keys, in guarded, locked memory that is wiped whenever it is left behind. For a text that
/// is read or written at the moment; SecretText is for many and large ones.
class SecretBuffer {
public:
    explicit SecretBuffer(std::size_t capacity = 4096);

    void append(std::string_view text);
    /// Lower-case hexadecimal.
    void appendHex(std::span<const unsigned char> bytes);
    void clear() noexcept { m_size = 0; }
    std::string_view view() const noexcept { return {m_memory.get(), m_size}; }

    /// Room for at least `size` more characters; commit() says how many were written there.
    std::span<char> room(std::size_t size);
    void commit(std::size_t size) noexcept { m_size += size; }

private:
    struct Free {
        void operator()(char *memory) const noexcept;
    };
    void grow(std::size_t capacity);

    std::unique_ptr<char, Free> m_memory;
    std::size_t m_capacity = 0;
    std::size_t m_size = 0;
};

} // namespace sallyport
