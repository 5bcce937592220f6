// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_reader.h"

#include "core/profile/conf_settings.h"

#include <algorithm>
#include <iterator>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr char kThisDevice[] = "[thisdevice]";

Error invalid(const ConfLine &line, const QString &detail)
{
    return {Errc::InvalidArgument, detail, line.place()};
}

/// A key that nobody knows is repeated only if it cannot be a secret: letters, and not many.
QString shownKey(const ConfLine &line)
{
    const bool harmless = line.key.size() <= 24
        && std::ranges::all_of(line.key, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
    return harmless ? QString::fromLatin1(line.key.data(), static_cast<qsizetype>(line.key.size())) : QString();
}

Error unknownKey(const ConfLine &line, bool inPeer)
{
    const QString key = shownKey(line);
    const QString section = inPeer ? u"[Peer]"_s : u"[Interface]"_s;
    if (key.isEmpty())
        return invalid(line, u"The line is not a setting of %1."_s.arg(section));
    if (findSetting(key.toLatin1().toLower(), !inPeer))
        return invalid(line, u"%1 does not belong into %2."_s.arg(key, section));
    return invalid(line, u"%1 is not a setting of %2."_s.arg(key, section));
}

void move(std::vector<Annotation> &from, std::vector<Annotation> &to)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
}

} // namespace

std::optional<Error> ConfReader::read(const ConfLine &line)
{
    switch (line.kind) {
    case ConfLine::Kind::Blank:
        keepComments();
        return {};
    case ConfLine::Kind::Comment:
        readComment(line);
        return {};
    case ConfLine::Kind::Section:
        return openSection(line);
    case ConfLine::Kind::Setting:
        return readSetting(line);
    case ConfLine::Kind::Malformed:
        break;
    }
    return invalid(line, u"The line is neither a section, nor 'Key = value', nor a comment."_s);
}

std::vector<Annotation> &ConfReader::annotations()
{
    const bool ofPeer = m_section == Section::Peer || m_comments == Comments::ThisDevice;
    return ofPeer ? m_conf.peers.back().annotations : m_conf.interface.annotations;
}

void ConfReader::keepComments()
{
    move(m_pending, annotations());
}

void ConfReader::readComment(const ConfLine &line)
{
    const std::string_view text = trimmedView(line.comment);
    if (text.starts_with('['))
        return openCommentedSection(line, text);
    auto annotation = m_comments == Comments::Disabled ? std::nullopt : parseAnnotation(line.comment, line.number);
    if (annotation)
        (m_comments == Comments::ThisDevice ? annotations() : m_pending).push_back(std::move(*annotation));
}

/// `# [Peer]` and what follows it is switched off. `# [This device]` is ours: wg has no way to list the own machine.
void ConfReader::openCommentedSection(const ConfLine &line, std::string_view head)
{
    keepComments();
    m_comments = Comments::Disabled;
    if (foldedKey(head) != kThisDevice || m_conf.peers.size() >= kMaximumConfPeers)
        return;
    closePeer(line.number - 1);
    m_comments = Comments::ThisDevice;
    WgConfPeer &own = m_conf.peers.emplace_back();
    own.line = line.number;
    own.isThisDevice = true;
}

void ConfReader::closePeer(int lastLine)
{
    if (!m_conf.peers.empty() && m_conf.peers.back().lastLine == 0)
        m_conf.peers.back().lastLine = lastLine;
}

std::optional<Error> ConfReader::openSection(const ConfLine &line)
{
    const QByteArray head = foldedKey(line.key);
    closePeer(line.number - 1);
    m_comments = Comments::Meaningful;
    m_seen.clear();
    if (head == "[peer]")
        return openPeer(line);
    if (head != "[interface]")
        return invalid(line, u"The section is neither [Interface] nor [Peer]."_s);
    m_section = Section::Interface;
    if (m_conf.interface.line == 0)
        m_conf.interface.line = line.number;
    keepComments();
    return {};
}

std::optional<Error> ConfReader::openPeer(const ConfLine &line)
{
    if (m_conf.peers.size() >= kMaximumConfPeers)
        return Error{Errc::LimitExceeded, u"The file has more than %1 peers."_s.arg(kMaximumConfPeers), line.place()};
    m_section = Section::Peer;
    m_conf.peers.emplace_back().line = line.number;
    keepComments();
    if (auto name = parseAnnotation(line.comment, line.number))
        annotations().push_back(std::move(*name));
    m_conf.reports.push_back({line.number, u"[Peer]"_s, Verdict::Used, {}});
    return {};
}

std::optional<Error> ConfReader::readSetting(const ConfLine &line)
{
    // For wg the setting belongs to the peer above the comments; nobody who reads the file would think so.
    if (m_section == Section::Peer && m_conf.peers.back().isThisDevice)
        return invalid(line, u"The line stands below '# [This device]'; put it into a [Peer] section."_s);
    m_comments = Comments::Meaningful;
    keepComments();
    if (m_section == Section::None)
        return invalid(line, u"The line stands before the first section."_s);
    const bool inPeer = m_section == Section::Peer;
    const Setting *setting = findSetting(foldedKey(line.key), inPeer);
    if (!setting)
        return unknownKey(line, inPeer);
    if (line.value.empty() && !setting->accumulates)
        return invalid(line, u"%1 has no value."_s.arg(QLatin1String(setting->name)));
    auto outcome = setting->read(m_conf, line);
    if (!outcome)
        return Error{outcome.error().code, outcome.error().detail, line.place()};
    if (inPeer && QByteArrayView(setting->name) == "PublicKey" && !line.comment.empty()) {
        if (auto name = parseAnnotation(line.comment, line.number))
            annotations().push_back(std::move(*name));
    }
    *outcome = withRepetition(*setting, line, std::move(*outcome));
    m_conf.reports.push_back({line.number, QLatin1String(setting->name), outcome->verdict, outcome->sentence});
    return {};
}

ConfReader::Outcome ConfReader::withRepetition(const Setting &setting, const ConfLine &line, Outcome outcome)
{
    const auto [seen, isFirst] = m_seen.try_emplace(setting.name, line.number);
    if (isFirst || setting.accumulates)
        return outcome;
    const int replaced = std::exchange(seen->second, line.number);
    return {Verdict::Changed, u"Replaces line %1, as with wg."_s.arg(replaced)};
}

Result<WgConf> ConfReader::finish(int lastLine) &&
{
    keepComments();
    closePeer(lastLine);
    for (const WgConfPeer &peer : m_conf.peers) {
        if (!peer.isThisDevice && peer.publicKey.isNull())
            return Error{Errc::InvalidArgument, u"The peer has no PublicKey."_s, u"%1:1"_s.arg(peer.line)};
    }
    return std::move(m_conf);
}

} // namespace sallyport
