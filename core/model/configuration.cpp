// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/configuration.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

std::vector<const Device *> peersOf(const Home &home)
{
    std::vector<const Device *> peers;
    peers.reserve(home.devices.size());
    for (const Device &device : home.devices) {
        if (device.name != home.device)
            peers.push_back(&device);
    }
    return peers;
}

const Device *findDevice(const Home &home, const QString &nameOrAlias)
{
    const auto found = std::ranges::find_if(home.devices, [&](const Device &device) {
        return device.name.compare(nameOrAlias, Qt::CaseInsensitive) == 0
            || device.aliases.contains(nameOrAlias, Qt::CaseInsensitive);
    });
    return found == home.devices.end() ? nullptr : &*found;
}

bool isInMesh(const Home &home, const Device &device, const IpAddress &address)
{
    return std::ranges::any_of(home.addresses, [&](const InterfaceAddress &own) {
        return own.network().contains(address);
    }) || std::ranges::any_of(device.addresses, [&](const Prefix &own) { return own.contains(address); });
}

const Exit *findExit(const Configuration &configuration, const QString &name)
{
    const auto found = std::ranges::find(configuration.exits, name, &Exit::name);
    return found == configuration.exits.end() ? nullptr : &*found;
}

QString homeSecretName()
{
    return u"home"_s;
}

QString devicePskName(const QString &device)
{
    return u"home/psk/"_s + device;
}

QString exitSecretName(const QString &exit)
{
    return u"exit/"_s + exit;
}

QString exitPskName(const QString &exit)
{
    return u"exit/"_s + exit + u"/psk"_s;
}

bool isPresharedKeyName(const QString &secret)
{
    // An exit may be called "psk": its own key is `exit/psk`.
    return secret.startsWith(u"home/psk/"_s) || (secret.count(u'/') == 2 && secret.endsWith(u"/psk"_s));
}

QStringList secretNames(const Configuration &configuration)
{
    QStringList names;
    if (configuration.home) {
        names += homeSecretName();
        for (const Device *device : peersOf(*configuration.home)) {
            if (device->hasPresharedKey)
                names += devicePskName(device->name);
        }
    }
    for (const Exit &exit : configuration.exits) {
        const auto *provider = std::get_if<ProviderExit>(&exit.way);
        if (!provider)
            continue;
        names += exitSecretName(exit.name);
        if (provider->peer.hasPresharedKey)
            names += exitPskName(exit.name);
    }
    return names;
}

} // namespace sallyport
