// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/bare_conf.h"

#include <algorithm>

namespace sallyport {

SecretText withoutComments(const SecretText &conf)
{
    SecretText bare;
    std::span<const char> rest = conf.view();
    while (!rest.empty()) {
        const auto end = std::ranges::find(rest, '\n');
        const std::size_t length = std::min(rest.size(), std::size_t(end - rest.begin()) + 1);
        if (rest.front() != '#' && rest.front() != '\n')
            bare.append(QByteArrayView(rest.data(), qsizetype(length)));
        rest = rest.subspan(length);
    }
    return bare;
}

} // namespace sallyport
