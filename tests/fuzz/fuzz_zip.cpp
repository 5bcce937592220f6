// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/zip.h"
#include "tests/fuzz/round_trip.h"
#include "tests/fuzz/target.h"

#include <algorithm>

using namespace sallyport;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto zip = importZip(fuzz::text(data, size), ImportKind::Guess, {});
    if (!zip) {
        fuzz::promiseReason(zip.error());
        return 0;
    }
    const auto used = std::ranges::count(zip->entries, Verdict::Used, &ZipEntryReport::verdict);
    fuzz::promise(used == static_cast<std::ptrdiff_t>(zip->parts.size()), "one part for each used entry");
    for (const Imported &part : zip->parts)
        fuzz::promiseImported(part);
    return 0;
}
