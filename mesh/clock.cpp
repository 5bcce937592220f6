// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/clock.h"

#include <ctime>

namespace sallyport::mesh {

namespace {

std::chrono::microseconds read(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return std::chrono::seconds(now.tv_sec)
        + std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(now.tv_nsec));
}

} // namespace

PathTime bootTime()
{
    return PathTime(read(CLOCK_BOOTTIME));
}

std::chrono::microseconds timeAsleep()
{
    return read(CLOCK_BOOTTIME) - read(CLOCK_MONOTONIC);
}

} // namespace sallyport::mesh
