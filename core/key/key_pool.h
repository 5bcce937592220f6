// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QtGlobal>

#include <memory>
#include <mutex>
#include <vector>

namespace sallyport {

/// Places for keys in guarded, locked memory (sodium_malloc). One allocation costs several mappings and the kernel
/// grants a process 65,530, so that keys share allocations of 1,024 places. Places are wiped when they are given back
/// and used again; what was allocated once is kept. For any thread.
class KeyPool {
public:
    /// A place of kKeySize bytes. Throws std::bad_alloc when there is no memory.
    quint8 *take();
    void giveBack(quint8 *place) noexcept;

private:
    struct Free {
        void operator()(quint8 *memory) const noexcept;
    };
    void grow();

    std::mutex m_mutex;
    std::vector<std::unique_ptr<quint8, Free>> m_slabs;
    std::vector<quint8 *> m_free; ///< has room for every place, so that giving back cannot fail
};

} // namespace sallyport
