// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"
#include "core/net/prefix.h"
#include "core/provider/hidden_text.h"

#include <QDateTime>

#include <optional>
#include <variant>
#include <vector>

/// An account at a provider, and what is done with it.
namespace sallyport {

/// What the provider calls a device: a key and the addresses that go with it.
struct ProviderDevice {
    QString id;
    QString name; ///< as the provider's website shows it, `Mellow Merlin`
    PublicKey publicKey;
    std::vector<InterfaceAddress> addresses;
    QDateTime created; ///< invalid: not said

    bool operator==(const ProviderDevice &) const = default;
};

struct Session {
    HiddenText account;
    HiddenText token;
    QDateTime tokenExpires; ///< invalid: not said
    QDateTime accountExpires; ///< invalid: not said
    std::optional<ProviderDevice> device; ///< where logging in registers the key at once
};

struct Login {
    HiddenText account;
    QByteArray secondFactor; ///< empty unless asked for
    PublicKey publicKey; ///< for providers that register it at once
    bool replacesOthers = false; ///< end all other sessions, where the provider does nothing finer
};

struct RegisterKey {
    PublicKey publicKey;
};
/// The device goes, the key comes.
struct ReplaceDevice {
    QString id;
    PublicKey publicKey;
};
struct RotateKey {
    QString id;
    PublicKey present;
    PublicKey next;
};
struct RemoveDevice {
    QString id;
};
using DeviceChange = std::variant<RegisterKey, ReplaceDevice, RotateKey, RemoveDevice>;

} // namespace sallyport
