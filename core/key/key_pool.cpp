// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/key_pool.h"

#include "core/key/public_key.h"

#include <new>
#include <sodium.h>

namespace sallyport {

namespace {

constexpr std::size_t kPlacesPerSlab = 1024;

} // namespace

void KeyPool::Free::operator()(quint8 *memory) const noexcept
{
    sodium_free(memory);
}

quint8 *KeyPool::take()
{
    const std::lock_guard lock(m_mutex);
    if (m_free.empty())
        grow();
    quint8 *const place = m_free.back();
    m_free.pop_back();
    return place;
}

void KeyPool::giveBack(quint8 *place) noexcept
{
    sodium_memzero(place, kKeySize);
    const std::lock_guard lock(m_mutex);
    m_free.push_back(place);
}

void KeyPool::grow()
{
    // sodium_init is idempotent and cheap after the first call; sodium_malloc needs it.
    if (sodium_init() < 0)
        throw std::bad_alloc();
    m_free.reserve((m_slabs.size() + 1) * kPlacesPerSlab);
    std::unique_ptr<quint8, Free> slab(static_cast<quint8 *>(sodium_allocarray(kPlacesPerSlab, kKeySize)));
    if (!slab)
        throw std::bad_alloc();
    m_slabs.push_back(std::move(slab));
    for (std::size_t i = kPlacesPerSlab; i > 0; --i)
        m_free.push_back(m_slabs.back().get() + (i - 1) * kKeySize);
}

} // namespace sallyport
