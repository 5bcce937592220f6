// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/profile/import.h"

/// Parts of the configuration into wg-quick files. What wg-quick has no word for goes into comments
/// (core/profile/annotation.h), so importing the file gives the same part back.
namespace sallyport {

struct HomeExport {
    QString device; ///< whose file it is, by name or alias; empty: this machine's
    /// Of that device. Without it the file says in a comment where the key belongs.
    const SecretKey *privateKey = nullptr;
    /// Preshared keys that this machine shares with others; null: comments instead.
    const Secrets *secrets = nullptr;
    /// This machine's public key, needed for somebody else's file unless the devices list this machine.
    std::optional<PublicKey> ownKey;
};

/// The home as another of its devices has it: its own addresses, everybody else as peers. Preshared keys are known only
/// for the pair of this machine and that device.
Result<Home> homeSeenFrom(const Home &home, const Device &device, const std::optional<PublicKey> &ownKey);

Result<SecretText> exportHome(const Home &home, const HomeExport &options);
/// An exit by a device has no file of its own; export the home instead.
Result<SecretText> exportExit(const Exit &exit, const Secrets *secrets);

} // namespace sallyport
