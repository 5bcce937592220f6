// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

#include <QByteArray>

/// A probe made and taken apart with nothing but libsodium, as section "Probes" of docs/architecture.md and ADR 17 say.
namespace sallyport::test {

struct Parties {
    PublicKey sender;
    PublicKey receiver;
    QByteArray pairKey; ///< 32 bytes
};

QByteArray bytesOf(const PublicKey &key);
QByteArray bytesOf(const SecretKey &key);
/// BLAKE2b of so many bytes.
QByteArray hashOf(const QByteArray &text, int size, const QByteArray &key = {});
/// What stands in bytes 24 to 31.
QByteArray hintOf(const PublicKey &sender, const PublicKey &receiver, const QByteArray &nonce);
/// `box` has 80 bytes.
QByteArray sealedByHand(const Parties &parties, const QByteArray &nonce, const QByteArray &box);
/// The box; empty if it does not open.
QByteArray openedByHand(const Parties &parties, const QByteArray &payload);

} // namespace sallyport::test
