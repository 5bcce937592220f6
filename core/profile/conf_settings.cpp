// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_settings.h"

#include "core/profile/conf_value.h"

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

using Outcome = ConfReader::Outcome;

Outcome used(const QString &change)
{
    return {change.isEmpty() ? Verdict::Used : Verdict::Changed, change};
}

/// Stores the value of a reader that either has one or an error.
template<class T, class U>
Result<Outcome> store(T &place, Result<U> value)
{
    if (!value)
        return value.error();
    place = std::move(*value);
    return Outcome{};
}

template<class T>
void append(std::vector<T> &list, const std::vector<T> &more)
{
    list.insert(list.end(), more.begin(), more.end());
}

Result<Outcome> privateKey(WgConf &conf, const ConfLine &line)
{
    return store(conf.interface.privateKey, readSecret(line.value));
}

Result<Outcome> listenPort(WgConf &conf, const ConfLine &line)
{
    return store(conf.interface.listenPort, readNumber(line.value, 0, 65535, u"a port"_s));
}

Result<Outcome> mtu(WgConf &conf, const ConfLine &line)
{
    return store(conf.interface.mtu, readNumber(line.value, 576, 65535, u"an MTU"_s));
}

Result<Outcome> address(WgConf &conf, const ConfLine &line)
{
    const auto addresses = readAddresses(line.value);
    if (!addresses)
        return addresses.error();
    append(conf.interface.addresses, *addresses);
    return Outcome{};
}

Result<Outcome> dns(WgConf &conf, const ConfLine &line)
{
    const auto servers = readDns(line.value);
    if (!servers)
        return servers.error();
    append(conf.interface.dns, servers->servers);
    conf.interface.searchDomains += servers->searchDomains;
    return Outcome{};
}

Result<Outcome> mark(WgConf &, const ConfLine &line)
{
    const auto value = readMark(line.value);
    if (!value)
        return value.error();
    return Outcome{Verdict::Ignored, u"Encrypted packets carry Sallyport's own mark."_s};
}

Result<Outcome> table(WgConf &, const ConfLine &)
{
    return Outcome{Verdict::Ignored, u"Routes go into Sallyport's own tables."_s};
}

Result<Outcome> saveConfig(WgConf &, const ConfLine &line)
{
    const QByteArray word = squeezed(line.value).toLower();
    if (word != "true" && word != "false")
        return Error{Errc::InvalidArgument, u"SaveConfig is neither true nor false."_s, {}};
    return Outcome{Verdict::Ignored, u"Sallyport keeps its configuration itself and never writes to this file."_s};
}

Result<Outcome> applications(WgConf &, const ConfLine &)
{
    return Outcome{Verdict::Ignored, u"This chooses applications of a phone."_s};
}

Result<Outcome> hook(WgConf &, const ConfLine &line)
{
    QString command = QString::fromUtf8(
        line.wholeValue.data(), static_cast<qsizetype>(std::min<std::size_t>(line.wholeValue.size(), 1000)));
    std::ranges::replace_if(
        command, [](QChar c) { return !c.isPrint() && !c.isSurrogate(); }, QChar(u' '));
    return Outcome{Verdict::Refused, u"Commands from a file are never run: %1"_s.arg(command)};
}

Result<Outcome> publicKey(WgConf &conf, const ConfLine &line)
{
    auto key = PublicKey::parse(QString::fromUtf8(squeezed(line.value)));
    // The usual mistake is a private key here, so the value is not repeated.
    if (!key && key.error().detail.startsWith(u'\''))
        return Error{Errc::InvalidArgument, u"This is not a WireGuard public key (44 characters of base64)."_s, {}};
    return store(conf.peers.back().publicKey, std::move(key));
}

Result<Outcome> presharedKey(WgConf &conf, const ConfLine &line)
{
    return store(conf.peers.back().presharedKey, readSecret(line.value));
}

Result<Outcome> endpoint(WgConf &conf, const ConfLine &line)
{
    auto read = readEndpoint(line.value);
    if (!read)
        return read.error();
    conf.peers.back().endpoint = std::move(read->value);
    return used(read->change);
}

Result<Outcome> allowedIps(WgConf &conf, const ConfLine &line)
{
    const auto read = readAllowedIps(line.value);
    if (!read)
        return read.error();
    append(conf.peers.back().allowedIps, read->value);
    if (conf.peers.back().allowedIps.size() > kMaximumConfList)
        return Error{Errc::LimitExceeded, u"One peer has more than %1 networks."_s.arg(kMaximumConfList), {}};
    return used(read->change);
}

Result<Outcome> keepalive(WgConf &conf, const ConfLine &line)
{
    return store(conf.peers.back().persistentKeepalive, readKeepalive(line.value));
}

constexpr std::array<ConfReader::Setting, 19> kSettings = {{
    {"PrivateKey", false, false, privateKey},
    {"ListenPort", false, false, listenPort},
    {"FwMark", false, false, mark},
    {"Address", false, true, address},
    {"DNS", false, true, dns},
    {"MTU", false, false, mtu},
    {"Table", false, false, table},
    {"SaveConfig", false, false, saveConfig},
    {"PreUp", false, true, hook},
    {"PostUp", false, true, hook},
    {"PreDown", false, true, hook},
    {"PostDown", false, true, hook},
    {"IncludedApplications", false, true, applications},
    {"ExcludedApplications", false, true, applications},
    {"PublicKey", true, false, publicKey},
    {"PresharedKey", true, false, presharedKey},
    {"Endpoint", true, false, endpoint},
    {"AllowedIPs", true, true, allowedIps},
    {"PersistentKeepalive", true, false, keepalive},
}};

} // namespace

const ConfReader::Setting *findSetting(const QByteArray &foldedKey, bool inPeer)
{
    const auto found = std::ranges::find_if(kSettings, [&](const ConfReader::Setting &setting) {
        return setting.inPeer == inPeer && QByteArrayView(setting.name).compare(foldedKey, Qt::CaseInsensitive) == 0;
    });
    return found == kSettings.end() ? nullptr : &*found;
}

} // namespace sallyport
