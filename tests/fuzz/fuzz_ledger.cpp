// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/json.h"
#include "core/wire/ledger_codec.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto map = readJson(fuzz::bytes(data, size));
    if (!map)
        return 0;
    const std::vector<LedgerPeer> ledger = decodeLedger(*map);
    fuzz::promise(decodeLedger(encodeLedger(ledger)) == ledger, "a ledger survives its codec");
    return 0;
}
