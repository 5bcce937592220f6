// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/wg_conf.h"

#include "core/profile/conf_reader.h"

namespace sallyport {

Result<WgConf> parseWgConf(std::span<const char> text)
{
    const auto lines = scanConf(text);
    if (!lines)
        return lines.error();
    ConfReader reader;
    for (const ConfLine &line : *lines) {
        if (auto refusal = reader.read(line))
            return *refusal;
    }
    return std::move(reader).finish(static_cast<int>(lines->size()));
}

} // namespace sallyport
