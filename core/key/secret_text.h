// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

#include <QByteArrayView>

#include <memory>
#include <sodium.h>
#include <span>
#include <vector>

namespace sallyport {

/// Overwrites memory before it goes back to the heap, so that growing a buffer leaves nothing behind.
template<class T>
struct WipingAllocator {
    using value_type = T;

    WipingAllocator() = default;
    template<class U>
    WipingAllocator(const WipingAllocator<U> &) noexcept
    {
    }

    T *allocate(std::size_t count) { return std::allocator<T>().allocate(count); }
    void deallocate(T *memory, std::size_t count) noexcept
    {
        sodium_memzero(memory, count * sizeof(T));
        std::allocator<T>().deallocate(memory, count);
    }
    bool operator==(const WipingAllocator &) const = default;
};

/// Text that holds keys: the contents of a `.conf` or zip file on its way out or in. Move-only, wiped when freed, no
/// conversion to QString or QByteArray on purpose.
class SecretText {
public:
    SecretText() = default;
    SecretText(SecretText &&) noexcept = default;
    SecretText &operator=(SecretText &&) noexcept = default;
    SecretText(const SecretText &) = delete;
    SecretText &operator=(const SecretText &) = delete;
    ~SecretText() = default;

    void append(QByteArrayView text) { m_bytes.insert(m_bytes.end(), text.begin(), text.end()); }
    void append(const SecretKey &key)
    {
        m_bytes.resize(m_bytes.size() + kKeyLength);
        key.toBase64(std::span(m_bytes).last<kKeyLength>());
    }
    void resize(std::size_t size) { m_bytes.resize(size); }

    std::span<char> bytes() { return m_bytes; }
    std::span<const char> view() const { return m_bytes; }
    std::size_t size() const { return m_bytes.size(); }

private:
    static constexpr std::size_t kKeyLength = 44;
    std::vector<char, WipingAllocator<char>> m_bytes;
};

} // namespace sallyport
