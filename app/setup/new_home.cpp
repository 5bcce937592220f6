// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/new_home.h"

#include "core/profile/export.h"
#include "core/profile/names.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr quint16 kFirstPort = 20000;
constexpr quint32 kPorts = 12000;
constexpr qsizetype kLongestName = 63;
constexpr quint32 kMostDevices = 10001;
constexpr quint16 kKeepalive = 25; ///< seconds; also makes the new device speak at once

Error refused(const char *why)
{
    return {Errc::InvalidArgument, QCoreApplication::translate("NewHome", why), {}};
}

/// The address with this number in the network.
IpAddress numbered(const Prefix &network, quint32 number)
{
    std::array<quint8, 16> bytes{};
    std::ranges::copy(network.address().bytes(), bytes.begin());
    const std::size_t size = network.address().size();
    quint32 carry = number;
    for (std::size_t i = size; i-- > 0 && carry > 0;) {
        carry += bytes[i];
        bytes[i] = quint8(carry);
        carry >>= 8;
    }
    return IpAddress::fromBytes(network.family(), std::span(bytes).first(size));
}

QSet<QString> takenAddresses(const Home &home)
{
    QSet<QString> taken;
    for (const InterfaceAddress &own : home.addresses)
        taken.insert(own.address.toString());
    for (const Device &device : home.devices) {
        for (const Prefix &prefix : device.addresses)
            taken.insert(prefix.address().toString());
    }
    return taken;
}

/// Neither the first, nor in IPv4 the last, which is for broadcasts.
std::optional<IpAddress> freeAddress(const Prefix &network, const QSet<QString> &taken)
{
    const int bits = network.address().bitLength() - network.length();
    const quint32 last = bits >= 31 ? kMostDevices : std::min(kMostDevices, (quint32(1) << bits) - 2);
    for (quint32 number = 1; number <= last; ++number) {
        const IpAddress address = numbered(network, number);
        if (!taken.contains(address.toString()))
            return address;
    }
    return std::nullopt;
}

QString freeName(const Home &home, const QString &wanted)
{
    QStringList taken{home.device};
    for (const Device &device : home.devices)
        taken += QStringList{device.name} + device.aliases;
    const QString name = deviceNameFrom(wanted);
    return name.isEmpty() ? QString() : NameRegister(taken).claim(name, kLongestName);
}

/// Ourselves, as the new device has to know us.
Device &selfIn(Home &home, const PublicKey &ownKey)
{
    const auto found = std::ranges::find(home.devices, home.device, &Device::name);
    if (found != home.devices.end())
        return *found;
    Device self;
    self.name = home.device;
    self.publicKey = ownKey;
    for (const InterfaceAddress &own : home.addresses)
        self.addresses.push_back(Prefix::host(own.address));
    return home.devices.emplace_back(std::move(self));
}

} // namespace

quint16 proposeListenPort(const Dice &dice)
{
    return quint16(kFirstPort + dice(kPorts));
}

Result<Proposal> withNewHome(const Configuration &present, const HomePlan &plan)
{
    if (present.home)
        return refused(QT_TRANSLATE_NOOP("NewHome", "There is a Home already."));
    Configuration next = present;
    Home home;
    home.name = plan.name.trimmed();
    home.device = deviceNameFrom(plan.device);
    home.listenPort = plan.listenPort;
    for (const Prefix &prefix : {plan.prefixes.ipv4, plan.prefixes.ipv6})
        home.addresses.push_back({numbered(prefix, 1), prefix.length()});
    if (home.device.isEmpty())
        return refused(QT_TRANSLATE_NOOP("NewHome", "This computer needs a name of letters or digits."));
    next.home = home;
    auto valid = checked(next);
    if (!valid)
        return valid.error();
    Proposal proposal;
    proposal.configuration = std::move(*valid);
    proposal.secrets.push_back({homeSecretName(), SecretKey::generatePrivate()});
    return proposal;
}

Result<NewDevice> makeDevice(const Home &home, const QString &name)
{
    NewDevice made{{}, SecretKey::generatePrivate()};
    made.device.name = freeName(home, name);
    if (made.device.name.isEmpty())
        return refused(QT_TRANSLATE_NOOP("NewHome", "The device needs a name of letters or digits."));
    made.device.publicKey = made.key.publicKey();
    const QSet<QString> taken = takenAddresses(home);
    for (const InterfaceAddress &own : home.addresses) {
        if (const auto address = freeAddress(own.network(), taken))
            made.device.addresses.push_back(Prefix::host(*address));
    }
    if (made.device.addresses.empty())
        return refused(QT_TRANSLATE_NOOP("NewHome", "Every address of this Home is taken."));
    return made;
}

Result<SecretText> confFor(
    const Home &home, const NewDevice &device, const PublicKey &ownKey, const std::optional<HostEndpoint> &reachedAt)
{
    if (ownKey.isNull())
        return refused(QT_TRANSLATE_NOOP(
            "NewHome", "The key of this computer is known only while Home is on. Switch it on, then try again."));
    Home seen = home;
    if (!findDevice(seen, device.device.name))
        seen.devices.push_back(device.device);
    Device &self = selfIn(seen, ownKey);
    self.persistentKeepalive = kKeepalive;
    if (reachedAt)
        self.endpoints.insert(self.endpoints.begin(), Candidate{*reachedAt, EndpointScope::Any, {}});
    if (self.endpoints.empty())
        return refused(
            QT_TRANSLATE_NOOP("NewHome", "Say where the new device reaches this computer, for example 192.168.1.20."));
    HomeExport options;
    options.device = device.device.name;
    options.privateKey = &device.key;
    options.ownKey = ownKey;
    return exportHome(seen, options);
}

} // namespace sallyport
