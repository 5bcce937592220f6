// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/import_part.h"
#include "core/profile/names.h"
#include "core/wire/configuration_rules.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error refused(const QString &detail, int line)
{
    return {Errc::InvalidArgument, detail, u"%1:1"_s.arg(line)};
}

/// The peer that takes everything, or the only one.
Result<std::size_t> chosenPeer(const WgConf &conf)
{
    const auto found
        = std::ranges::find_if(conf.peers, [](const WgConfPeer &peer) { return takesEverything(peer.allowedIps); });
    if (found != conf.peers.end())
        return static_cast<std::size_t>(found - conf.peers.begin());
    const auto isReal = [](const WgConfPeer &peer) { return !peer.isThisDevice; };
    if (std::ranges::count_if(conf.peers, isReal) == 1)
        return static_cast<std::size_t>(std::ranges::find_if(conf.peers, isReal) - conf.peers.begin());
    return refused(conf.peers.empty() ? u"The file has no peer, so there is no way out."_s
                                      : u"None of the peers takes 0.0.0.0/0 or ::/0, so none of them is a way out."_s,
        conf.interface.line);
}

std::vector<IpAddress> addressesFrom(const QStringList &words)
{
    std::vector<IpAddress> addresses;
    for (const QString &word : words) {
        if (const auto address = IpAddress::parse(word))
            addresses.push_back(*address);
    }
    return addresses;
}

/// Our own files say `all` where the document leaves the list out.
std::vector<Prefix> allowedIpsOf(const WgConfPeer &peer)
{
    const std::vector<Prefix> everything = {Prefix::everything(Family::IPv4), Prefix::everything(Family::IPv6)};
    const bool isDefault = peer.allowedIps == everything && annotatedText(peer.annotations, u"allowedips"_s) == u"all";
    return isDefault ? std::vector<Prefix>() : peer.allowedIps;
}

ExitPeer exitPeer(const WgConfPeer &peer)
{
    ExitPeer value;
    value.publicKey = peer.publicKey;
    value.endpoint = *peer.endpoint;
    value.resolved = addressesFrom(annotatedList(peer.annotations, u"resolved"_s));
    value.allowedIps = allowedIpsOf(peer);
    if (peer.persistentKeepalive)
        value.persistentKeepalive = *peer.persistentKeepalive;
    value.presharedKeyFile = annotatedText(peer.annotations, u"presharedkeyfile"_s);
    value.hasPresharedKey = peer.presharedKey || !value.presharedKeyFile.isEmpty()
        || annotatedText(peer.annotations, u"haspresharedkey"_s) == u"true";
    return value;
}

ProviderExit providerExit(const WgConf &conf, const WgConfPeer &peer, const ImportOptions &options)
{
    const std::vector<Annotation> &notes = conf.interface.annotations;
    ProviderExit value;
    value.provider = findAnnotation(notes, u"exit"_s) ? annotatedText(notes, u"provider"_s)
                                                      : providerOf(conf, peer, options.fileName);
    value.addresses = conf.interface.addresses;
    value.privateKeyFile = annotatedText(notes, u"privatekeyfile"_s);
    value.peer = exitPeer(peer);
    value.dns = conf.interface.dns;
    value.searchDomains = conf.interface.searchDomains;
    value.listenPort = conf.interface.listenPort;
    value.mtu = conf.interface.mtu;
    return value;
}

QString exitName(const WgConf &conf, const QString &provider, const ImportOptions &options)
{
    if (!options.name.isEmpty())
        return options.name;
    const QStringList candidates
        = {annotatedText(conf.interface.annotations, u"exit"_s), baseNameOf(options.fileName), provider, u"exit"_s};
    for (const QString &candidate : candidates) {
        const QString name = parseExitName(candidate) ? candidate : exitNameFrom(candidate);
        if (!name.isEmpty())
            return NameRegister(options.takenExitNames).claim(name, 64);
    }
    return u"exit"_s;
}

void reportOthers(WgConf &conf, std::size_t chosen)
{
    for (std::size_t i = 0; i < conf.peers.size(); ++i) {
        if (i != chosen)
            changeReports(conf.reports, conf.peers[i].line, conf.peers[i].lastLine, {}, Verdict::Ignored,
                u"An exit has one peer; this one is left out."_s);
    }
}

/// An exit is always kept alive: nothing else tells whether it answers.
void reportKeepalive(WgConf &conf, const WgConfPeer &peer)
{
    if (peer.persistentKeepalive.value_or(0) != 0)
        return;
    const QString sentence
        = u"Something is sent every %1 seconds all the same: nothing else tells whether an exit answers."_s.arg(
            ExitPeer().persistentKeepalive);
    if (peer.persistentKeepalive)
        changeReports(conf.reports, peer.line, peer.lastLine, u"PersistentKeepalive"_s, Verdict::Changed, sentence);
    else
        changeReport(conf.reports, peer.line, Verdict::Changed, u"It has no PersistentKeepalive. "_s + sentence);
}

} // namespace

Result<Imported> exitFrom(WgConf conf, const ImportOptions &options)
{
    const auto chosen = chosenPeer(conf);
    if (!chosen)
        return chosen.error();
    WgConfPeer &peer = conf.peers[*chosen];
    if (!peer.endpoint)
        return refused(u"The peer has no Endpoint, so it cannot be reached."_s, peer.line);
    if (peer.allowedIps.empty())
        return refused(u"The peer has no AllowedIPs, so nothing could leave through it."_s, peer.line);
    reportOthers(conf, *chosen);
    reportKeepalive(conf, peer);
    Imported imported;
    ProviderExit way = providerExit(conf, peer, options);
    const QString name = exitName(conf, way.provider, options);
    imported.part = Exit{name, std::move(way)};
    if (auto refusal = refusalOf(imported.part, {peer.line}, conf.interface.line))
        return *refusal;
    if (conf.interface.privateKey)
        imported.secrets.emplace(exitSecretName(name), std::move(*conf.interface.privateKey));
    if (peer.presharedKey)
        imported.secrets.emplace(exitPskName(name), std::move(*peer.presharedKey));
    imported.reports = std::move(conf.reports);
    sortReports(imported.reports);
    return imported;
}

} // namespace sallyport
