// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/export.h"

#include "core/profile/conf_writer.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

template<class T>
QStringList texts(const std::vector<T> &values)
{
    QStringList list;
    for (const T &value : values)
        list += value.toString();
    return list;
}

QStringList cidrs(const std::vector<Prefix> &prefixes)
{
    QStringList list;
    for (const Prefix &prefix : prefixes)
        list += prefix.toCidr();
    return list;
}

void annotateText(ConfWriter &writer, const char *key, const QString &value)
{
    if (!value.isEmpty())
        writer.annotation(key, value);
}

const SecretKey *find(const Secrets *secrets, const QString &name)
{
    const auto found = secrets ? secrets->find(name) : Secrets::const_iterator();
    return secrets && found != secrets->end() ? &found->second : nullptr;
}

void writePrivateKey(ConfWriter &writer, const SecretKey *key, const QString &owner)
{
    if (key)
        writer.secret("PrivateKey", *key);
    else
        writer.remark(u"Here belongs the line 'PrivateKey = …' with the private key of %1."_s.arg(owner));
}

void writePresharedKey(ConfWriter &writer, bool has, const QString &file, const SecretKey *key)
{
    annotateText(writer, "PresharedKeyFile", file);
    if (has && key)
        writer.secret("PresharedKey", *key);
    else if (has && file.isEmpty())
        writer.annotation("HasPresharedKey", u"true"_s);
}

int rank(const Candidate &candidate)
{
    const auto numeric = candidate.endpoint.numeric();
    const bool isPublic = !numeric || !isPrivate(Prefix::host(numeric->address));
    switch (candidate.scope) {
    case EndpointScope::Public:
        return 0;
    case EndpointScope::Any:
        return isPublic ? 1 : 2;
    case EndpointScope::Lan:
        break;
    }
    return 3;
}

const char *endpointKey(EndpointScope scope)
{
    switch (scope) {
    case EndpointScope::Lan:
        return "Endpoint(lan)";
    case EndpointScope::Public:
        return "Endpoint(public)";
    case EndpointScope::Any:
        break;
    }
    return "Endpoint(any)";
}

/// wg-quick knows one endpoint; the comments know them all.
void annotateEndpoints(ConfWriter &writer, const Device &device, bool isOwn)
{
    const std::vector<Candidate> &all = device.endpoints;
    if (!isOwn && all.size() == 1 && all.front().scope == EndpointScope::Any && all.front().resolved.empty())
        return;
    for (const Candidate &candidate : all) {
        const QString resolved
            = candidate.resolved.empty() ? QString() : u" ["_s + texts(candidate.resolved).join(u", "_s) + u']';
        writer.rawAnnotation(endpointKey(candidate.scope), candidate.endpoint.toString() + resolved);
    }
}

void annotateDevice(ConfWriter &writer, const Device &device, bool isOwn)
{
    const auto isHost = [](const Prefix &prefix) { return prefix.length() == prefix.address().bitLength(); };
    writer.annotation("Name", device.name);
    if (!device.aliases.isEmpty())
        writer.rawAnnotation("Aliases", annotationList(device.aliases));
    if (!std::ranges::all_of(device.addresses, isHost) || std::ranges::any_of(device.routes, isHost))
        writer.rawAnnotation("Addresses", cidrs(device.addresses).join(u", "_s));
    annotateEndpoints(writer, device, isOwn);
    if (device.offersExit)
        writer.annotation("OffersExit", u"true"_s);
}

void writeDevice(ConfWriter &writer, const Device &device, bool isOwn, const SecretKey *presharedKey)
{
    isOwn ? writer.beginCommented("This device") : writer.beginSection("Peer");
    annotateDevice(writer, device, isOwn);
    writePresharedKey(writer, device.hasPresharedKey, device.presharedKeyFile, isOwn ? nullptr : presharedKey);
    writer.setting("PublicKey", device.publicKey.toBase64());
    if (!isOwn && !device.endpoints.empty())
        writer.setting("Endpoint", std::ranges::min_element(device.endpoints, {}, rank)->endpoint.toString());
    std::vector<Prefix> allowed = device.addresses;
    allowed.insert(allowed.end(), device.routes.begin(), device.routes.end());
    writer.setting("AllowedIPs", cidrs(allowed));
    if (device.persistentKeepalive != 0)
        writer.setting("PersistentKeepalive", QString::number(device.persistentKeepalive));
}

void writeNumber(ConfWriter &writer, const char *key, quint16 value)
{
    if (value != 0)
        writer.setting(key, QString::number(value));
}

Result<SecretText> writeHome(const Home &home, const SecretKey *privateKey, const Secrets *secrets)
{
    ConfWriter writer;
    writer.beginSection("Interface");
    writer.annotation("Home", home.name);
    writer.annotation("Device", home.device);
    annotateText(writer, "Domain", home.domain);
    annotateText(writer, "PrivateKeyFile", home.privateKeyFile);
    writePrivateKey(writer, privateKey, home.device);
    writer.setting("Address", texts(home.addresses));
    writeNumber(writer, "ListenPort", home.listenPort);
    const bool hasSearch = !home.dns.empty() && !home.domain.isEmpty();
    writer.setting("DNS", texts(home.dns) + (hasSearch ? QStringList{home.domain} : QStringList()));
    writeNumber(writer, "MTU", home.mtu);
    for (const Device &device : home.devices)
        writeDevice(writer, device, device.name == home.device, find(secrets, devicePskName(device.name)));
    return std::move(writer).finish();
}

bool isPrivateAddress(const Candidate &candidate)
{
    const auto numeric = candidate.endpoint.numeric();
    return candidate.scope == EndpointScope::Lan || (numeric && isPrivate(Prefix::host(numeric->address)));
}

/// A device listens where the local network reaches it; the public port may be one that a router forwards.
quint16 listenPortOf(const Device &device)
{
    const auto found = std::ranges::find_if(device.endpoints, isPrivateAddress);
    if (found != device.endpoints.end())
        return found->endpoint.port;
    return device.endpoints.empty() ? quint16(0) : device.endpoints.front().endpoint.port;
}

/// `10.42.1.4` in a home of 10.42.0.0/16 is 10.42.1.4/16 on the device itself.
std::vector<InterfaceAddress> interfaceAddresses(const Home &home, const Device &device)
{
    std::vector<InterfaceAddress> addresses;
    for (const Prefix &own : device.addresses) {
        if (own.length() != own.address().bitLength())
            continue;
        const auto around = std::ranges::find_if(
            home.addresses, [&](const InterfaceAddress &each) { return each.network().contains(own.address()); });
        addresses.push_back({own.address(), around == home.addresses.end() ? own.length() : around->length});
    }
    return addresses;
}

Device thisMachine(const Home &home, const PublicKey &key)
{
    Device device;
    device.name = home.device;
    device.publicKey = key;
    for (const InterfaceAddress &own : home.addresses)
        device.addresses.push_back(Prefix::host(own.address));
    return device;
}

} // namespace

Result<Home> homeSeenFrom(const Home &home, const Device &device, const std::optional<PublicKey> &ownKey)
{
    Home seen = home;
    seen.device = device.name;
    seen.addresses = interfaceAddresses(home, device);
    if (seen.addresses.empty())
        return Error{Errc::NotConfigured, u"%1 has no address of its own in the mesh."_s.arg(device.name), {}};
    seen.listenPort = listenPortOf(device);
    seen.privateKeyFile.clear();
    for (Device &each : seen.devices) {
        each.hasPresharedKey = each.name == home.device && device.hasPresharedKey;
        each.presharedKeyFile.clear();
    }
    const auto isThis = [&](const Device &each) { return each.name == home.device; };
    if (std::ranges::any_of(seen.devices, isThis))
        return seen;
    if (!ownKey)
        return Error{Errc::NotConfigured,
            u"The public key of %1 is not known, so %2 could not reach it."_s.arg(home.device, device.name), {}};
    seen.devices.push_back(thisMachine(home, *ownKey));
    seen.devices.back().hasPresharedKey = device.hasPresharedKey;
    return seen;
}

Result<SecretText> exportHome(const Home &home, const HomeExport &options)
{
    if (options.device.isEmpty() || options.device == home.device) {
        const SecretKey *own = options.privateKey ? options.privateKey : find(options.secrets, homeSecretName());
        return writeHome(home, own, options.secrets);
    }
    const Device *device = findDevice(home, options.device);
    if (!device)
        return Error{Errc::UnknownName, u"There is no device called %1."_s.arg(options.device), {}};
    if (device->name == home.device)
        return exportHome(home, HomeExport{{}, options.privateKey, options.secrets, options.ownKey});
    const auto seen = homeSeenFrom(home, *device, options.ownKey);
    if (!seen)
        return seen.error();
    Secrets shared;
    if (const SecretKey *key = find(options.secrets, devicePskName(device->name)))
        shared.emplace(devicePskName(home.device), key->clone());
    return writeHome(*seen, options.privateKey, &shared);
}

namespace {

void writeExitPeer(ConfWriter &writer, const ExitPeer &peer, const SecretKey *presharedKey)
{
    const std::vector<Prefix> everything = {Prefix::everything(Family::IPv4), Prefix::everything(Family::IPv6)};
    writer.beginSection("Peer");
    if (peer.allowedIps.empty())
        writer.annotation("AllowedIPs", u"all"_s);
    if (!peer.resolved.empty())
        writer.rawAnnotation("Resolved", texts(peer.resolved).join(u", "_s));
    writePresharedKey(writer, peer.hasPresharedKey, peer.presharedKeyFile, presharedKey);
    writer.setting("PublicKey", peer.publicKey.toBase64());
    writer.setting("Endpoint", peer.endpoint.toString());
    writer.setting("AllowedIPs", cidrs(peer.allowedIps.empty() ? everything : peer.allowedIps));
    writer.setting(
        "PersistentKeepalive", peer.persistentKeepalive == 0 ? u"off"_s : QString::number(peer.persistentKeepalive));
}

} // namespace

Result<SecretText> exportExit(const Exit &exit, const Secrets *secrets)
{
    const auto *way = std::get_if<ProviderExit>(&exit.way);
    if (!way)
        return Error{Errc::InvalidArgument,
            u"%1 is one of your devices; its keys are in the file of the home."_s.arg(exit.name), {}};
    ConfWriter writer;
    writer.beginSection("Interface");
    writer.annotation("Exit", exit.name);
    annotateText(writer, "Provider", way->provider);
    annotateText(writer, "PrivateKeyFile", way->privateKeyFile);
    writePrivateKey(writer, find(secrets, exitSecretName(exit.name)), exit.name);
    writer.setting("Address", texts(way->addresses));
    writeNumber(writer, "ListenPort", way->listenPort);
    writer.setting("DNS", texts(way->dns) + way->searchDomains);
    writeNumber(writer, "MTU", way->mtu);
    writeExitPeer(writer, way->peer, find(secrets, exitPskName(exit.name)));
    return std::move(writer).finish();
}

} // namespace sallyport
