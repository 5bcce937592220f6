// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/json.h"
#include "core/wire/snapshot_codec.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto map = readJson(fuzz::bytes(data, size));
    if (!map)
        return 0;
    const Snapshot snapshot = decodeSnapshot(*map);
    fuzz::promise(decodeSnapshot(encodeSnapshot(snapshot)) == snapshot, "a snapshot survives its codec");
    return 0;
}
