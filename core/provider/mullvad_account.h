// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/account.h"
#include "core/result.h"

/// Mullvad's answers about an account.
namespace sallyport {

/// 16 digits, however they are grouped.
Result<HiddenText> parseMullvadAccount(QStringView text);

struct MullvadToken {
    HiddenText token;
    QDateTime expires;
};
Result<MullvadToken> readMullvadToken(QByteArrayView text);
/// Until when the account is paid.
Result<QDateTime> readMullvadExpiry(QByteArrayView text);
Result<ProviderDevice> readMullvadDevice(QByteArrayView text);
Result<std::vector<ProviderDevice>> readMullvadDevices(QByteArrayView text);

/// `accounts/v1/devices/ID` for an id that cannot lead anywhere else.
bool isDeviceId(QStringView id);

} // namespace sallyport
