// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/conf_reader.h"

namespace sallyport {

/// One key of wg(8) or wg-quick(8).
struct ConfReader::Setting {
    const char *name; ///< as the manual spells it
    bool inPeer;
    bool accumulates; ///< repeating it adds instead of replacing
    Result<Outcome> (*read)(WgConf &conf, const ConfLine &line);
};

/// Null if neither program knows the key there.
const ConfReader::Setting *findSetting(const QByteArray &foldedKey, bool inPeer);

} // namespace sallyport
