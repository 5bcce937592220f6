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
    // A foreign map may contradict itself (a name, but nothing configured); what we write never does.
    const QVariantMap written = encodeSnapshot(decodeSnapshot(*map));
    fuzz::promise(encodeSnapshot(decodeSnapshot(written)) == written, "a written snapshot survives its codec");
    return 0;
}
