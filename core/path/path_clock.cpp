// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/path_clock.h"

namespace sallyport {

PathTime PathClock::inside(PathTime outside)
{
    if (outside + m_offset < m_last)
        m_offset = m_last - outside;
    m_last = outside + m_offset;
    return m_last;
}

} // namespace sallyport
