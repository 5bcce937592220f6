// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/proposal.h"

#include "core/wire/configuration_codec.h"

namespace sallyport {

Error noHome()
{
    return {Errc::NotConfigured, QStringLiteral("there is no Home yet"), {}};
}

Result<Configuration> checked(const Configuration &configuration)
{
    auto decoded = decodeConfiguration(encodeConfiguration(configuration));
    if (!decoded)
        return decoded.error();
    return std::move(decoded->configuration);
}

} // namespace sallyport
