// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/ivpn_answers.h"
#include "core/provider/mullvad_account.h"
#include "core/provider/mullvad_relays.h"
#include "core/provider/trouble.h"
#include "tests/fuzz/target.h"

#include <QSet>

using namespace sallyport;

namespace {

void promiseList(const Result<RelayList> &list)
{
    if (!list)
        return fuzz::promiseReason(list.error());
    QSet<QString> names;
    for (const Relay &relay : list->relays) {
        fuzz::promise(!relay.hostname.isEmpty() && !names.contains(relay.hostname), "names are there, once each");
        fuzz::promise(!relay.publicKey.isNull() && !relay.address.isUnspecified(), "a relay is a peer");
        names.insert(relay.hostname);
    }
    fuzz::promise(!names.isEmpty() && defaultPort(*list) > 0, "there is something to choose, at a port");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray text = fuzz::bytes(data, size);
    promiseList(readMullvadRelays(text));
    promiseList(readMullvadFlatRelays(text));
    promiseList(readIvpnServers(text));
    if (const auto devices = readMullvadDevices(text)) {
        for (const ProviderDevice &device : *devices)
            fuzz::promise(isDeviceId(device.id) && !device.addresses.empty(), "a device has an id and an address");
    }
    if (const auto session = readIvpnSession(text, {}))
        fuzz::promise(!session->token.isEmpty() && !session->device->addresses.empty(), "a session can be used");
    if (const auto announced = readRelayTimestamp(text))
        fuzz::promise(announced->digest.size() == 64, "a digest has 64 digits");
    fuzz::promise(mullvadRefusal({400, text, {}}).detail.size() <= 64, "a code is short");
    const auto wait = retryAfter(text, 1'796'083'200);
    fuzz::promise(wait.count() >= 0 && wait.count() <= 86400, "nobody makes us wait for more than a day");
    return 0;
}
