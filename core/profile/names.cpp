// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/names.h"

#include "core/wire/configuration_rules.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestDeviceName = 63;
constexpr qsizetype kLongestExitName = 64;

struct ProviderDomain {
    const char *domain;
    const char *provider;
};

// Domains that only the provider's own servers are in.
constexpr std::array<ProviderDomain, 9> kProviderDomains = {{
    {"mullvad.net", "mullvad"},
    {"ivpn.net", "ivpn"},
    {"protonvpn.net", "proton"},
    {"azirevpn.net", "azirevpn"},
    {"ovpn.com", "ovpn"},
    {"airdns.org", "airvpn"},
    {"nordvpn.com", "nordvpn"},
    {"surfshark.com", "surfshark"},
    {"cloudflareclient.com", "cloudflare"},
}};

QString withoutParenthesis(const QString &text)
{
    const qsizetype open = text.indexOf(u'(');
    return open > 0 ? text.left(open) : text;
}

bool isMullvadFile(const QString &fileName)
{
    static const QRegularExpression pattern(
        u"^(mullvad-)?[a-z]{2}-[a-z]{3}-wg-[0-9]{3}\\.conf$"_s, QRegularExpression::CaseInsensitiveOption);
    return pattern.match(fileName.section(u'/', -1)).hasMatch();
}

/// The range that Mullvad numbers the inside of its tunnels from.
bool hasMullvadAddress(const WgConf &conf)
{
    static const auto range = Prefix::parse(u"fc00:bbbb:bbbb:bb01::/64");
    return std::ranges::any_of(
        conf.interface.addresses, [](const InterfaceAddress &own) { return range && range->contains(own.address); });
}

bool isUnder(const QString &host, const QString &domain)
{
    const QString bare = host.endsWith(u'.') ? host.chopped(1) : host;
    return bare.endsWith(u'.' + domain, Qt::CaseInsensitive) || bare.compare(domain, Qt::CaseInsensitive) == 0;
}

} // namespace

QString deviceNameFrom(const QString &text)
{
    const QString decomposed = withoutParenthesis(text).left(200).normalized(QString::NormalizationForm_KD).toLower();
    QString name;
    for (const QChar c : decomposed) {
        if (c.isLetterOrNumber() || (!name.isEmpty() && (c == u'_' || c == u'.')))
            name += c;
        else if (!c.isMark() && c != u'\'' && !name.isEmpty() && !name.endsWith(u'-'))
            name += u'-';
    }
    name.truncate(kLongestDeviceName);
    while (!name.isEmpty() && !name.back().isLetterOrNumber())
        name.chop(1);
    return parseDeviceName(name) ? name : QString();
}

QString baseNameOf(const QString &fileName)
{
    const QString last = QString(fileName).replace(u'\\', u'/').section(u'/', -1);
    return last.endsWith(u".conf"_s, Qt::CaseInsensitive) ? last.chopped(5) : last;
}

QString exitNameFrom(const QString &text)
{
    QString name = text;
    std::ranges::replace_if(
        name, [](QChar c) { return c == u'/' || !c.isPrint(); }, QChar(u'-'));
    name = name.trimmed().left(kLongestExitName).trimmed();
    return parseExitName(name) ? name : QString();
}

QString deviceNameFrom(const PublicKey &key)
{
    constexpr qsizetype characters = 8;
    QString name = u"peer-"_s;
    for (const QChar c : key.toBase64().toLower()) {
        if (c.isLetterOrNumber() && name.size() < 5 + characters)
            name += c;
    }
    return name;
}

const Annotation *nameAnnotation(const std::vector<Annotation> &annotations, bool acceptBare)
{
    for (const QString &key : {u"name"_s, u"client"_s, u"device"_s}) {
        if (const Annotation *found = findAnnotation(annotations, key); found && !found->value.isEmpty())
            return found;
    }
    const Annotation *bare = acceptBare ? findAnnotation(annotations, QString()) : nullptr;
    return bare && !deviceNameFrom(bare->value).isEmpty() ? bare : nullptr;
}

NameRegister::NameRegister(const QStringList &taken)
{
    for (const QString &name : taken)
        m_taken.try_emplace(name.toCaseFolded(), 1);
}

QString NameRegister::claim(const QString &wanted, qsizetype longest)
{
    QString name = wanted;
    const auto [entry, isNew] = m_taken.try_emplace(wanted.toCaseFolded(), 1);
    while (!isNew) {
        const QString suffix = u'-' + QString::number(++entry->second);
        name = wanted.left(longest - suffix.size()) + suffix;
        if (m_taken.try_emplace(name.toCaseFolded(), 1).second)
            break;
    }
    return name;
}

QString providerOf(const WgConf &conf, const WgConfPeer &peer, const QString &fileName)
{
    const QString host = peer.endpoint ? peer.endpoint->host : QString();
    for (const ProviderDomain &known : kProviderDomains) {
        if (isUnder(host, QLatin1String(known.domain)))
            return QLatin1String(known.provider);
    }
    return isMullvadFile(fileName) || hasMullvadAddress(conf) ? u"mullvad"_s : QString();
}

} // namespace sallyport
