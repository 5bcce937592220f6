// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/intent_codec.h"
#include "core/wire/json.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto map = readJson(fuzz::bytes(data, size));
    if (!map)
        return 0;
    if (const auto change = decodeIntentChange(*map)) {
        const auto again = decodeIntentChange(encodeIntentChange(*change));
        fuzz::promise(again && *again == *change, "a change of the intent survives its codec");
    } else {
        fuzz::promiseReason(change.error());
    }
    if (const auto intent = decodeIntent(*map)) {
        const auto again = decodeIntent(encodeIntent(*intent));
        fuzz::promise(again && *again == *intent, "an intent survives its codec");
    } else {
        fuzz::promiseReason(intent.error());
    }
    return 0;
}
