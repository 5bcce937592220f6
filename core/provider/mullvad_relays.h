// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/relay.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>

/// Mullvad's lists of servers. A list with one value out of bounds is refused whole, with its place.
namespace sallyport {

/// What the provider's own program reads (`app/v1/relays`, and what the digest of the signed form points to).
Result<RelayList> readMullvadRelays(QByteArrayView text);
/// The list for others (`www/relays/all`): the only one with multihop ports, the only one without port ranges.
Result<RelayList> readMullvadFlatRelays(QByteArrayView text);

/// `trl/v0/timestamps/latest`: JSON, an empty line, a signature.
struct RelayTimestamp {
    QByteArray digest; ///< SHA-256 of the list, 64 lower-case hexadecimal digits

    bool operator==(const RelayTimestamp &) const = default;
};
Result<RelayTimestamp> readRelayTimestamp(QByteArrayView text);
/// Is it the list that was announced?
bool hasDigest(QByteArrayView list, const QByteArray &digest);

} // namespace sallyport
