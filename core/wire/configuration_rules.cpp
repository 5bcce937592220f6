// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_rules.h"

#include "core/constants.h"
#include "core/model/exit_dns.h"

#include <algorithm>
#include <map>
#include <set>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool isNameCharacter(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c.isSurrogate() || c == u'-' || c == u'_' || c == u'.';
}

QString devicePlace(std::size_t index, const char *key)
{
    return u"home.devices[%1].%2"_s.arg(index).arg(QLatin1String(key));
}

/// Refuses the second owner of anything that may have only one.
template<class Key>
class Owners {
public:
    explicit Owners(Findings &findings) : m_findings(findings) {}

    void claim(const Key &key, const QString &owner, const QString &place, const QString &what)
    {
        const auto [known, isNew] = m_owners.try_emplace(key, owner);
        if (!isNew && known->second != owner)
            m_findings.refuse(Errc::InvalidArgument, place, u"%1 already belongs to %2."_s.arg(what, known->second));
    }

private:
    std::map<Key, QString> m_owners;
    Findings &m_findings;
};

/// What Home routes must never be large enough to carry the internet: that is what Exit is for, and what Exit says.
void checkSize(const Prefix &prefix, const QString &place, Findings &findings)
{
    constexpr quint8 kLargest = 8;
    if (prefix.length() < kLargest)
        findings.refuse(Errc::InvalidArgument, place,
            u"%1 is too large for a network of home (at most /%2); for everything, say \"offersExit\": true and choose "
            u"the "
            "device as an exit."_s.arg(prefix.toCidr())
                .arg(kLargest));
}

/// RFC 8200 section 5: a link that carries IPv6 carries packets of 1280 bytes.
void checkMtu(quint16 mtu, const std::vector<InterfaceAddress> &addresses, const QString &place, Findings &findings)
{
    const bool hasIPv6 = std::ranges::any_of(
        addresses, [](const InterfaceAddress &own) { return own.address.family() == Family::IPv6; });
    if (hasIPv6 && mtu != 0 && mtu < kMinimumMtu)
        findings.refuse(Errc::InvalidArgument, place,
            u"An MTU of %1 carries no IPv6; use at least %2, or leave the IPv6 addresses out."_s.arg(mtu).arg(
                kMinimumMtu));
}

void checkInterfaceAddresses(const std::vector<InterfaceAddress> &addresses, const QString &place, Findings &findings)
{
    if (addresses.empty())
        findings.refuse(Errc::InvalidArgument, place, u"At least one address is needed."_s);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const IpAddress &address = addresses[i].address;
        if (address.isUnspecified() || address.isLoopback() || address.isMulticast())
            findings.refuse(Errc::InvalidArgument, u"%1[%2]"_s.arg(place).arg(i),
                u"%1 cannot be the address of an interface."_s.arg(address.toString()));
    }
}

void checkEndpoint(const HostEndpoint &endpoint, const QString &place, Findings &findings)
{
    const auto numeric = endpoint.numeric();
    if (numeric && (numeric->address.isUnspecified() || numeric->address.isMulticast()))
        findings.refuse(Errc::InvalidArgument, place, u"Nobody can be reached at %1."_s.arg(endpoint.toString()));
}

void checkNames(const Home &home, Findings &findings)
{
    Owners<QString> names(findings);
    std::set<QString> devices;
    for (std::size_t i = 0; i < home.devices.size(); ++i) {
        const Device &device = home.devices[i];
        if (!devices.insert(device.name.toCaseFolded()).second)
            findings.refuse(
                Errc::InvalidArgument, devicePlace(i, "name"), u"There are two devices called %1."_s.arg(device.name));
        names.claim(device.name.toCaseFolded(), device.name, devicePlace(i, "name"), u"The name %1"_s.arg(device.name));
        for (const QString &alias : device.aliases)
            names.claim(alias.toCaseFolded(), device.name, devicePlace(i, "aliases"), u"The name %1"_s.arg(alias));
    }
}

void checkKeys(const Home &home, Findings &findings)
{
    Owners<PublicKey> keys(findings);
    for (std::size_t i = 0; i < home.devices.size(); ++i)
        keys.claim(home.devices[i].publicKey, home.devices[i].name, devicePlace(i, "publicKey"), u"This public key"_s);
}

void checkPrefixes(const Device &device, std::size_t index, Owners<Prefix> &prefixes, Findings &findings)
{
    for (const Prefix &address : device.addresses) {
        checkSize(address, devicePlace(index, "addresses"), findings);
        prefixes.claim(address, device.name, devicePlace(index, "addresses"), address.toString());
    }
    for (const Prefix &route : device.routes) {
        checkSize(route, devicePlace(index, "routes"), findings);
        prefixes.claim(route, device.name, devicePlace(index, "routes"), route.toString());
    }
}

void checkEndpoints(const Home &home, const Device &device, std::size_t index, Findings &findings)
{
    for (std::size_t i = 0; i < device.endpoints.size(); ++i) {
        const HostEndpoint &endpoint = device.endpoints[i].endpoint;
        const QString place = u"home.devices[%1].endpoints[%2].address"_s.arg(index).arg(i);
        checkEndpoint(endpoint, place, findings);
        const auto numeric = endpoint.numeric();
        if (numeric && isInMesh(home, device, numeric->address))
            findings.refuse(Errc::InvalidArgument, place,
                u"%1 is an address inside the mesh; an endpoint is where the device is reached from outside."_s.arg(
                    endpoint.toString()));
    }
}

void checkHome(const Home &home, Findings &findings)
{
    checkInterfaceAddresses(home.addresses, u"home.addresses"_s, findings);
    checkMtu(home.mtu, home.addresses, u"home.mtu"_s, findings);
    checkNames(home, findings);
    checkKeys(home, findings);
    Owners<Prefix> prefixes(findings);
    for (const InterfaceAddress &own : home.addresses) {
        checkSize(own.network(), u"home.addresses"_s, findings);
        prefixes.claim(Prefix::host(own.address), home.device, u"home.addresses"_s, own.address.toString());
    }
    for (std::size_t i = 0; i < home.devices.size(); ++i) {
        const Device &device = home.devices[i];
        if (device.name == home.device)
            continue;
        if (device.addresses.empty() && device.routes.empty())
            findings.refuse(Errc::InvalidArgument, devicePlace(i, "addresses"), u"At least one address is needed."_s);
        checkPrefixes(device, i, prefixes, findings);
        checkEndpoints(home, device, i, findings);
    }
}

void checkExit(const Configuration &configuration, std::size_t index, Findings &findings)
{
    const Exit &exit = configuration.exits[index];
    const QString place = u"exits[%1]"_s.arg(index);
    if (const auto *way = std::get_if<DeviceExit>(&exit.way)) {
        const Device *device = configuration.home ? findDevice(*configuration.home, way->device) : nullptr;
        if (configuration.home && way->device == configuration.home->device)
            findings.refuse(Errc::InvalidArgument, place + u".device"_s, u"This machine cannot be its own exit."_s);
        else if (!device)
            findings.notes.push_back({place + u".device"_s,
                u"There is no device called %1 yet; this exit can be used once there is."_s.arg(way->device)});
        return;
    }
    const auto &provider = std::get<ProviderExit>(exit.way);
    checkInterfaceAddresses(provider.addresses, place + u".addresses"_s, findings);
    checkMtu(provider.mtu, provider.addresses, place + u".mtu"_s, findings);
    checkEndpoint(provider.peer.endpoint, place + u".peer.endpoint"_s, findings);
}

} // namespace

Result<QString> parseDeviceName(QStringView text)
{
    const bool valid = !text.isEmpty() && text.size() <= 63 && std::ranges::all_of(text, isNameCharacter)
        && (text.front().isLetterOrNumber() || text.front().isSurrogate());
    if (!valid)
        return Error{Errc::InvalidArgument,
            u"'%1' is not a device name; use 1 to 63 letters, digits, '-', '_' or '.'."_s.arg(text.left(64)), {}};
    return text.toString();
}

Result<QString> parseExitName(QStringView text)
{
    const bool valid = !text.isEmpty() && text.size() <= 64 && text.trimmed().size() == text.size()
        && std::ranges::none_of(text, [](QChar c) { return c == u'/' || !(c.isPrint() || c.isSurrogate()); })
        && text != u"." && text != u"..";
    if (!valid)
        return Error{Errc::InvalidArgument,
            u"'%1' is not an exit name; use 1 to 64 printable characters without '/'."_s.arg(text.left(65)), {}};
    return text.toString();
}

Result<QString> parseDomain(QStringView text)
{
    const QStringView bare = text.endsWith(u'.') ? text.chopped(1) : text;
    if (const auto probe = HostEndpoint::parse(QString(bare.toString() + u":1"_s));
        bare.isEmpty() || !probe || !probe->isName())
        return Error{Errc::InvalidArgument, u"'%1' is not a DNS domain."_s.arg(text.left(64)), {}};
    return bare.toString();
}

Result<QString> parseExitDns(QStringView text)
{
    const QStringView bare = text.trimmed();
    const auto parsed = ExitDns::parse(bare);
    return parsed ? Result<QString>(bare.toString()) : parsed.error();
}

void checkConfiguration(const Configuration &configuration, Findings &findings)
{
    if (configuration.policy.exitDns == u"home" && (!configuration.home || configuration.home->dns.empty()))
        findings.refuse(
            Errc::InvalidArgument, u"policy.exitDns"_s, u"There is no server at home; name one in home.dns."_s);
    if (configuration.home)
        checkHome(*configuration.home, findings);
    std::set<QString> names;
    for (std::size_t i = 0; i < configuration.exits.size(); ++i) {
        if (!names.insert(configuration.exits[i].name).second)
            findings.refuse(Errc::InvalidArgument, u"exits[%1].name"_s.arg(i),
                u"There are two exits called %1."_s.arg(configuration.exits[i].name));
        checkExit(configuration, i, findings);
    }
}

} // namespace sallyport
