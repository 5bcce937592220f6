// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/ipc/unwrap.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/intent_codec.h"
#include "core/wire/json.h"
#include "core/wire/snapshot_codec.h"
#include "tests/fuzz/target.h"
#include "tests/support/random_values.h"

using namespace sallyport;

namespace {

void promiseConfiguration(const QVariantMap &map)
{
    const auto decoded = decodeConfiguration(map);
    if (!decoded)
        return fuzz::promiseReason(decoded.error());
    const QVariantMap sent = withoutNulls(encodeConfiguration(decoded->configuration));
    const auto received = unwrap(sent);
    fuzz::promise(bool(received), "what was taken can be sent back");
    const auto again = decodeConfiguration(*received);
    fuzz::promise(again && again->configuration == decoded->configuration, "a configuration survives the bus");
}

void promiseIntent(const QVariantMap &map)
{
    const auto change = decodeIntentChange(map);
    if (!change)
        return fuzz::promiseReason(change.error());
    const auto again = decodeIntentChange(withoutNulls(encodeIntentChange(*change)));
    fuzz::promise(again && *again == *change, "a change of the intent survives the bus");
}

void promiseSnapshot(const QVariantMap &map)
{
    const QVariantMap written = withoutNulls(encodeSnapshot(decodeSnapshot(map)));
    fuzz::promise(withoutNulls(encodeSnapshot(decodeSnapshot(written))) == written, "a snapshot survives the bus");
}

void promiseAll(const QVariantMap &received)
{
    const auto map = unwrap(received);
    if (!map)
        return fuzz::promiseReason(map.error());
    promiseConfiguration(*map);
    promiseIntent(*map);
    promiseSnapshot(*map);
}

} // namespace

/// The first byte chooses: bytes as numbers from which a map is made, or a JSON document in which these numbers put wrong
/// things. A document ends at the first NUL.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray input = fuzz::bytes(data, size);
    const qsizetype end = input.startsWith('{') ? input.indexOf('\0') : 0;
    const QByteArray document = input.first(std::max<qsizetype>(end, 0));
    qsizetype at = document.size();
    const test::RandomValues::Next next = [&](quint32 limit) {
        quint32 number = 0;
        for (quint32 left = limit - 1; left > 0 && at < input.size(); left >>= 8)
            number = number << 8 | static_cast<std::uint8_t>(input.at(at++));
        return number % limit;
    };
    test::RandomValues values(next);
    if (document.isEmpty()) {
        promiseAll(values.map());
    } else if (const auto map = readJson(document)) {
        promiseAll(withoutNulls(*map));
        promiseAll(test::disturbed(withoutNulls(*map), values, next));
    }
    return 0;
}
