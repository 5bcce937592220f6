// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"
#include "tests/fuzz/round_trip.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

namespace {

void promiseSameThroughJson(const Configuration &configuration)
{
    const auto map = readJson(writeJson(encodeConfiguration(configuration)));
    fuzz::promise(bool(map), "written JSON can be read");
    const auto again = decodeConfiguration(*map);
    fuzz::promise(again && again->configuration == configuration, "JSON gives the same document");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto map = readJson(fuzz::bytes(data, size));
    if (!map) {
        fuzz::promiseReason(map.error());
        return 0;
    }
    const auto decoded = decodeConfiguration(*map);
    if (!decoded) {
        fuzz::promiseReason(decoded.error());
        return 0;
    }
    promiseSameThroughJson(decoded->configuration);
    if (decoded->configuration.home)
        fuzz::promiseRoundTrip(*decoded->configuration.home, {});
    for (const Exit &exit : decoded->configuration.exits) {
        if (std::holds_alternative<ProviderExit>(exit.way))
            fuzz::promiseRoundTrip(exit, {});
    }
    return 0;
}
