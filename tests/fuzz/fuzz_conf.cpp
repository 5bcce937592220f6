// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/round_trip.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    for (const ImportKind kind : {ImportKind::Guess, ImportKind::Home, ImportKind::Exit}) {
        const auto imported = importConf(fuzz::text(data, size), kind, {});
        if (imported)
            fuzz::promiseImported(*imported);
        else
            fuzz::promiseReason(imported.error());
    }
    return 0;
}
