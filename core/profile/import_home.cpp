// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/import_part.h"
#include "core/profile/names.h"
#include "core/wire/configuration_rules.h"

#include <algorithm>
#include <set>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestDeviceName = 63;

/// Turns the peers of one file into devices, keeping the names apart.
class DeviceImport {
public:
    DeviceImport(WgConf &conf, Imported &imported, Home &home) : m_conf(conf), m_imported(imported), m_home(home) {}

    std::optional<Error> run();
    const std::vector<int> &lines() const { return m_lines; }

private:
    std::optional<Error> add(WgConfPeer &peer);
    QString nameOf(const WgConfPeer &peer);
    void reserveWrittenNames();
    std::optional<Error> fillFromComments(WgConfPeer &peer) const;
    void addAddresses(const WgConfPeer &peer, Device &device);
    std::optional<Error> addEndpoints(const WgConfPeer &peer, Device &device);
    void report(int line, Verdict verdict, const QString &sentence)
    {
        changeReport(m_conf.reports, line, verdict, sentence);
    }

    WgConf &m_conf;
    Imported &m_imported;
    Home &m_home;
    NameRegister m_names;
    std::set<QString> m_written; ///< names by `# Name =`, which nobody else may take
    std::vector<int> m_lines;
};

Error refused(const QString &detail, int line)
{
    return {Errc::InvalidArgument, detail, u"%1:1"_s.arg(line)};
}

QString ownName(const WgConfPeer &peer)
{
    const QString name = annotatedText(peer.annotations, u"name"_s);
    return parseDeviceName(name) ? name : QString();
}

/// `home.example.org:54445 [203.0.113.4, 2001:db8::1]`
Result<Candidate> candidateFrom(const QString &text, EndpointScope scope)
{
    Candidate candidate;
    candidate.scope = scope;
    const qsizetype blank = text.indexOf(u' ');
    const auto endpoint = HostEndpoint::parse(blank < 0 ? text : text.left(blank));
    if (!endpoint)
        return endpoint.error();
    candidate.endpoint = *endpoint;
    if (blank < 0)
        return candidate;
    const QString list = text.mid(blank).trimmed();
    if (!list.startsWith(u'[') || !list.endsWith(u']'))
        return Error{Errc::InvalidArgument, u"'%1' is not a list of addresses in brackets."_s.arg(list.left(60)), {}};
    for (const QString &word : list.mid(1, list.size() - 2).split(u',')) {
        const auto address = IpAddress::parse(word.trimmed());
        if (!address)
            return address.error();
        candidate.resolved.push_back(*address);
    }
    return candidate;
}

std::optional<EndpointScope> endpointScope(const QString &key)
{
    if (key == u"endpoint(lan)")
        return EndpointScope::Lan;
    if (key == u"endpoint(public)")
        return EndpointScope::Public;
    return key == u"endpoint(any)" ? std::optional(EndpointScope::Any) : std::nullopt;
}

std::vector<Prefix> prefixesFrom(const QStringList &words)
{
    std::vector<Prefix> prefixes;
    for (const QString &word : words) {
        if (const auto prefix = Prefix::parse(word))
            prefixes.push_back(*prefix);
    }
    return prefixes;
}

/// Whether our comment names the first of the allowed addresses; after an edit by hand it may not.
bool isStart(const std::vector<Prefix> &start, const std::vector<Prefix> &of)
{
    return start.size() <= of.size() && std::ranges::equal(start, std::span(of).first(start.size()));
}

} // namespace

/// The comments under `# [This device]` stand for settings that wg would not take.
std::optional<Error> DeviceImport::fillFromComments(WgConfPeer &peer) const
{
    const auto key = PublicKey::parse(annotatedText(peer.annotations, u"publickey"_s));
    if (!key)
        return refused(u"The block '# [This device]' has no valid '# PublicKey ='."_s, peer.line);
    peer.publicKey = *key;
    peer.allowedIps = prefixesFrom(annotatedList(peer.annotations, u"allowedips"_s));
    peer.persistentKeepalive = annotatedText(peer.annotations, u"persistentkeepalive"_s).toUShort();
    return {};
}

void DeviceImport::reserveWrittenNames()
{
    for (const WgConfPeer &peer : m_conf.peers) {
        if (const QString name = ownName(peer); !name.isEmpty() && m_written.insert(name.toCaseFolded()).second)
            m_names.claim(name, kLongestDeviceName);
    }
}

QString DeviceImport::nameOf(const WgConfPeer &peer)
{
    // The first device with a written name keeps it to the letter.
    if (const QString name = ownName(peer); !name.isEmpty() && m_written.erase(name.toCaseFolded()) > 0)
        return name;
    const Annotation *comment = nameAnnotation(peer.annotations, true);
    const QString name = comment ? deviceNameFrom(annotatedText({*comment}, comment->key)) : QString();
    return m_names.claim(name.isEmpty() ? deviceNameFrom(peer.publicKey) : name, kLongestDeviceName);
}

void DeviceImport::addAddresses(const WgConfPeer &peer, Device &device)
{
    std::vector<Prefix> allowed = peer.allowedIps;
    // In a file of ours two halves are two routes: everything is already written as OffersExit.
    const bool isOurs = findAnnotation(m_conf.interface.annotations, u"home"_s) != nullptr;
    const int longest = isOurs ? 0 : 1;
    const auto isDefaultRoute = [&](const Prefix &prefix) { return prefix.length() <= longest; };
    if (!peer.isThisDevice && takesEverything(allowed) && std::ranges::any_of(allowed, isDefaultRoute)) {
        device.offersExit = true;
        std::erase_if(allowed, isDefaultRoute);
        changeReports(m_conf.reports, peer.line, peer.lastLine, u"AllowedIPs"_s, Verdict::Changed,
            u"The device offers an exit; it is used when you choose it."_s);
    }
    const auto written = prefixesFrom(annotatedList(peer.annotations, u"addresses"_s));
    const bool useWritten = findAnnotation(peer.annotations, u"addresses"_s) && isStart(written, allowed);
    for (std::size_t i = 0; i < allowed.size(); ++i) {
        const bool isHost = allowed[i].length() == allowed[i].address().bitLength();
        const bool isAddress = useWritten ? i < written.size() : isHost;
        (isAddress ? device.addresses : device.routes).push_back(allowed[i]);
    }
}

std::optional<Error> DeviceImport::addEndpoints(const WgConfPeer &peer, Device &device)
{
    for (const Annotation &note : peer.annotations) {
        const auto scope = endpointScope(note.key);
        if (!scope)
            continue;
        auto candidate = candidateFrom(note.value, *scope);
        if (!candidate)
            return refused(candidate.error().detail, note.line);
        device.endpoints.push_back(std::move(*candidate));
    }
    const auto isWritten = [&](const Candidate &each) { return each.endpoint == *peer.endpoint; };
    if (peer.endpoint && std::ranges::none_of(device.endpoints, isWritten))
        device.endpoints.insert(device.endpoints.begin(), Candidate{*peer.endpoint, EndpointScope::Any, {}});
    return {};
}

std::optional<Error> DeviceImport::add(WgConfPeer &peer)
{
    if (peer.isThisDevice) {
        if (auto refusal = fillFromComments(peer))
            return refusal;
    }
    const bool isOwn = m_conf.interface.privateKey && m_conf.interface.privateKey->publicKey() == peer.publicKey;
    if (peer.allowedIps.empty() && !peer.isThisDevice && !isOwn) {
        report(peer.line, Verdict::Ignored, u"The peer has no AllowedIPs, so nothing would ever be sent to it."_s);
        return {};
    }
    Device device;
    device.name = nameOf(peer);
    device.publicKey = peer.publicKey;
    device.aliases = annotatedList(peer.annotations, u"aliases"_s);
    addAddresses(peer, device);
    if (device.offersExit && device.addresses.empty() && device.routes.empty())
        return refused(
            u"The peer takes everything and has no address of its own; import the file as an exit."_s, peer.line);
    if (auto refusal = addEndpoints(peer, device))
        return refusal;
    device.offersExit = device.offersExit || annotatedText(peer.annotations, u"offersexit"_s) == u"true";
    device.persistentKeepalive = peer.persistentKeepalive.value_or(0);
    device.presharedKeyFile = annotatedText(peer.annotations, u"presharedkeyfile"_s);
    device.hasPresharedKey = peer.presharedKey || !device.presharedKeyFile.isEmpty()
        || annotatedText(peer.annotations, u"haspresharedkey"_s) == u"true";
    if (isOwn && !peer.isThisDevice)
        m_home.device = device.name;
    report(peer.line, Verdict::Used,
        isOwn ? u"This is the device itself, called %1."_s.arg(device.name)
              : u"Becomes the device %1."_s.arg(device.name));
    if (peer.presharedKey)
        m_imported.secrets.emplace(devicePskName(device.name), std::move(*peer.presharedKey));
    m_home.devices.push_back(std::move(device));
    m_lines.push_back(peer.line);
    return {};
}

std::optional<Error> DeviceImport::run()
{
    reserveWrittenNames();
    for (WgConfPeer &peer : m_conf.peers) {
        if (auto refusal = add(peer))
            return refusal;
    }
    return {};
}

namespace {

QString homeName(const WgConf &conf, const ImportOptions &options)
{
    if (!options.name.isEmpty())
        return options.name;
    if (findAnnotation(conf.interface.annotations, u"home"_s))
        return annotatedText(conf.interface.annotations, u"home"_s);
    return baseNameOf(options.fileName);
}

QString thisDevice(const WgConf &conf, const ImportOptions &options)
{
    const QString written = annotatedText(conf.interface.annotations, u"device"_s);
    if (findAnnotation(conf.interface.annotations, u"home"_s) && parseDeviceName(written))
        return written;
    if (const Annotation *comment = nameAnnotation(conf.interface.annotations, false)) {
        if (const QString name = deviceNameFrom(comment->value); !name.isEmpty())
            return name;
    }
    const QString given = deviceNameFrom(options.deviceName);
    return given.isEmpty() ? u"this-device"_s : given;
}

/// The document has one domain; our comment names it, in other files it is the first search domain.
void takeDomain(WgConf &conf, Home &home)
{
    home.domain = annotatedText(conf.interface.annotations, u"domain"_s);
    QStringList search = conf.interface.searchDomains;
    if (home.domain.isEmpty() && !findAnnotation(conf.interface.annotations, u"home"_s) && !search.isEmpty())
        home.domain = search.first();
    search.removeAll(home.domain);
    if (!search.isEmpty())
        changeReports(conf.reports, 1, std::numeric_limits<int>::max(), u"DNS"_s, Verdict::Changed,
            u"A home has one domain; left out: %1."_s.arg(search.join(u", "_s)));
}

Home interfaceOf(WgConf &conf, const ImportOptions &options)
{
    Home home;
    home.name = homeName(conf, options);
    home.device = thisDevice(conf, options);
    home.addresses = conf.interface.addresses;
    home.listenPort = conf.interface.listenPort;
    home.privateKeyFile = annotatedText(conf.interface.annotations, u"privatekeyfile"_s);
    home.dns = conf.interface.dns;
    home.mtu = conf.interface.mtu;
    takeDomain(conf, home);
    return home;
}

} // namespace

Result<Imported> homeFrom(WgConf conf, const ImportOptions &options)
{
    Imported imported;
    Home home = interfaceOf(conf, options);
    DeviceImport devices(conf, imported, home);
    if (auto refusal = devices.run())
        return *refusal;
    imported.part = std::move(home);
    if (auto refusal = refusalOf(imported.part, devices.lines(), conf.interface.line))
        return *refusal;
    if (conf.interface.privateKey)
        imported.secrets.emplace(homeSecretName(), std::move(*conf.interface.privateKey));
    imported.reports = std::move(conf.reports);
    sortReports(imported.reports);
    return imported;
}

} // namespace sallyport
