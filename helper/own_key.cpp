// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/own_key.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

Result<Done> checkOwnKey(const Configuration &configuration, const KnownSecrets &secrets)
{
    const auto own = secrets.find(homeSecretName());
    if (!configuration.home || own == secrets.end())
        return Done{};
    const auto &devices = configuration.home->devices;
    const auto same = std::ranges::find_if(devices, [&](const Device &device) {
        return device.name != configuration.home->device && device.publicKey == own->second.publicKey;
    });
    if (same == devices.end())
        return Done{};
    return Error{Errc::InvalidArgument, u"This is the key of this machine itself; %1 needs its own."_s.arg(same->name),
        u"home.devices[%1].publicKey"_s.arg(same - devices.begin())};
}

} // namespace sallyport
