// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"
#include "core/profile/wg_conf.h"

#include <map>

/// wg-quick files into parts of the configuration.
namespace sallyport {

using Secrets = std::map<QString, SecretKey>; ///< by the names of core/model/configuration.h

struct Imported {
    std::variant<Home, Exit> part;
    Secrets secrets;
    std::vector<LineReport> reports; ///< in the order of the lines
};

enum class ImportKind {
    Guess, ///< what our own comments say; otherwise an exit if there is one peer and it takes everything
    Home,
    Exit,
};

struct ImportOptions {
    QString fileName; ///< names what has no other name
    QString name; ///< of the home or exit; empty: from the file
    QString deviceName; ///< of this machine, where the file does not say it
    QStringList takenExitNames; ///< an exit from the file gets another name; `name` is never changed
};

/// Every part that comes out is one that decodeConfiguration accepts; errors carry `line:column`.
Result<Imported> importAsHome(std::span<const char> text, const ImportOptions &options);
/// The one peer, or of several the one that takes everything; the others are reported and left out.
Result<Imported> importAsExit(std::span<const char> text, const ImportOptions &options);
Result<Imported> importConf(std::span<const char> text, ImportKind kind, const ImportOptions &options);

} // namespace sallyport
