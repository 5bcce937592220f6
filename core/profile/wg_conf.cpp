// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/wg_conf.h"

#include "core/profile/conf_reader.h"

namespace sallyport {

Result<WgConf> parseWgConf(std::span<const char> text)
{
    ConfReader reader;
    const auto lines = scanConf(text, [&](const ConfLine &line) { return reader.read(line); });
    if (!lines)
        return lines.error();
    return std::move(reader).finish(*lines);
}

} // namespace sallyport
