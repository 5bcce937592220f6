// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/account.h"
#include "core/provider/relay.h"
#include "core/result.h"

/// IVPN's answers. It has sessions instead of devices: one key each, and no list of them.
namespace sallyport {

/// `i-XXXX-XXXX-XXXX` or the older `ivpnXXXXXXXX`.
Result<HiddenText> parseIvpnAccount(QStringView text);

/// `v5/servers.json`
Result<RelayList> readIvpnServers(QByteArrayView text);
/// `v4/session/new`; `key` is the one that was sent.
Result<Session> readIvpnSession(QByteArrayView text, const PublicKey &key);
/// `v4/session/wg/set`: the addresses that go with the new key.
Result<std::vector<InterfaceAddress>> readIvpnAddresses(QByteArrayView text);
/// What every answer says of itself; 200 is good.
bool isIvpnGood(QByteArrayView text);

} // namespace sallyport
