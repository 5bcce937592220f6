// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/report.h"

#include "core/net/prefix.h"
#include "core/wire/ledger_codec.h"
#include "core/wire/snapshot_codec.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <functional>
#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString mark(Health health)
{
    switch (health) {
    case Health::Ok:
        return u"[ok]  "_s;
    case Health::Warning:
        return u"[warn]"_s;
    case Health::Bad:
        return u"[bad] "_s;
    }
    Q_UNREACHABLE();
}

QString json(const QVariantMap &map)
{
    return QString::fromUtf8(QJsonDocument(QJsonObject::fromVariantMap(map)).toJson());
}

QStringList checkLines(const Checkup &checkup)
{
    QStringList lines;
    for (const Finding &finding : examine(checkup.system, checkup.bus)) {
        lines += mark(finding.health) + u' ' + finding.subject + u": "_s + finding.sentence;
        if (!finding.advice.isEmpty())
            lines += u"       "_s + finding.advice;
    }
    return lines;
}

/// What a person chose and strangers could recognise: the names of devices, exits and of the network.
QStringList namesIn(const Checkup &checkup)
{
    if (!checkup.bus.snapshot)
        return {};
    const Snapshot &snapshot = *checkup.bus.snapshot;
    QStringList names = snapshot.exit.available;
    names += {snapshot.home.name, snapshot.home.device, snapshot.exit.name};
    for (const PeerSnapshot &peer : snapshot.home.peers) {
        names += peer.name;
        for (const CandidateSnapshot &candidate : peer.candidates)
            names += candidate.address.section(u':', 0, -2); // names of hosts; numbers are addresses anyway
    }
    return names;
}

/// Gives each different word a number, in the order in which they come.
class Replacement {
public:
    explicit Replacement(QString word) : m_word(std::move(word)) {}

    QString operator()(const QString &found)
    {
        if (!m_seen.contains(found))
            m_seen += found;
        return u"<%1-%2>"_s.arg(m_word).arg(m_seen.indexOf(found) + 1);
    }

private:
    QString m_word;
    QStringList m_seen;
};

QString replaced(const QString &text, const QRegularExpression &pattern, const std::function<QString(QString)> &by)
{
    QString out;
    qsizetype end = 0;
    for (auto each = pattern.globalMatch(text); each.hasNext();) {
        const QRegularExpressionMatch match = each.next();
        out += text.mid(end, match.capturedStart() - end) + by(match.captured());
        end = match.capturedEnd();
    }
    return out + text.mid(end);
}

/// Of a network that many people have, so that it tells nobody.
bool isCommon(const IpAddress &address)
{
    static const std::vector<Prefix> common = [] {
        std::vector<Prefix> prefixes;
        for (const QString &text : {u"10.0.0.0/8"_s, u"172.16.0.0/12"_s, u"192.168.0.0/16"_s, u"127.0.0.0/8"_s,
                 u"100.64.0.0/10"_s, u"0.0.0.0/8"_s, u"fe80::/10"_s, u"::/127"_s})
            prefixes.push_back(*Prefix::parse(text));
        return prefixes;
    }();
    return std::ranges::any_of(common, [&](const Prefix &prefix) { return prefix.contains(address); });
}

QString withoutAddresses(const QString &text, bool all)
{
    static const QRegularExpression pattern(
        uR"((?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?:\d{1,3}(?:\.\d{1,3}){3})?)(?![\w]))"_s);
    Replacement address(u"address"_s);
    return replaced(text, pattern, [&](const QString &found) {
        const auto parsed = IpAddress::parse(found);
        return parsed && (all || !isCommon(*parsed)) ? address(found) : found;
    });
}

QString withoutKeys(const QString &text)
{
    static const QRegularExpression pattern(u"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}="_s);
    Replacement key(u"key"_s);
    return replaced(text, pattern, [&](const QString &found) { return key(found); });
}

QString withoutNames(const QString &text, QStringList names)
{
    names.removeAll(QString());
    names.removeDuplicates();
    std::ranges::sort(names, [](const QString &one, const QString &other) { return one.size() > other.size(); });
    if (names.isEmpty())
        return text;
    QStringList escaped;
    for (const QString &name : names)
        escaped += QRegularExpression::escape(name);
    const QRegularExpression pattern(
        u"(?<![\\w-])(?:%1)(?![\\w-])"_s.arg(escaped.join(u'|')), QRegularExpression::UseUnicodePropertiesOption);
    Replacement name(u"name"_s);
    return replaced(text, pattern, [&](const QString &found) { return name(found); });
}

} // namespace

QString anonymised(const QString &text, const QStringList &names, Anonymity anonymity)
{
    if (anonymity == Anonymity::Open)
        return text;
    const bool strict = anonymity == Anonymity::Strict;
    const QString known = withoutAddresses(withoutKeys(text), strict);
    return strict ? withoutNames(known, names) : known;
}

QString reportText(const Checkup &checkup, Anonymity anonymity)
{
    QStringList parts{
        u"Sallyport %1 on Linux %2"_s.arg(QStringLiteral(SALLYPORT_VERSION), checkup.system.kernelRelease)};
    parts += checkLines(checkup).join(u'\n');
    if (checkup.bus.snapshot)
        parts += u"What the helper says:\n"_s + json(encodeSnapshot(*checkup.bus.snapshot));
    if (checkup.bus.ledger)
        parts += u"What meshd says:\n"_s + json(encodeLedger(*checkup.bus.ledger));
    return anonymised(parts.join(u"\n\n"_s), namesIn(checkup), anonymity);
}

} // namespace sallyport
