// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/probe_box.h"
#include "tests/fuzz/target.h"
#include "tests/support/probe_pair.h"

#include <algorithm>

using namespace sallyport;

namespace {

/// Equal in every run, so that a datagram that opens can be a file.
const test::ProbePair &devices()
{
    static const test::ProbePair pair(test::countingKey(1), test::countingKey(33));
    return pair;
}

/// What a peer may have put under its seal.
void promiseBox(std::span<const std::uint8_t, kBoxSize> box)
{
    const auto probe = unboxed(box);
    if (!probe)
        return;
    fuzz::promise(std::ranges::equal(boxed(*probe), box), "a probe has one way of being written");
    const auto opened = devices().atB.open(test::view(devices().fromA(*probe)));
    fuzz::promise(opened && opened->probe == *probe, "what can be said arrives");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::span<const std::uint8_t> payload(data, size);
    if (const auto opened = devices().atB.open(payload)) {
        fuzz::promise(size == kProbeSize, "a probe has one size");
        fuzz::promise(opened->peer == devices().aPublic, "only a peer's seal opens");
    }
    std::array<std::uint8_t, kBoxSize> box{};
    std::ranges::copy(payload.first(std::min(size, kBoxSize)), box.begin());
    promiseBox(box);
    return 0;
}
