// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/import.h"

#include "core/profile/import_part.h"
#include "core/wire/configuration_codec.h"

#include <QRegularExpression>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool looksLikeExit(const WgConf &conf)
{
    if (findAnnotation(conf.interface.annotations, u"exit"_s))
        return true;
    if (findAnnotation(conf.interface.annotations, u"home"_s))
        return false;
    return conf.peers.size() == 1 && takesEverything(conf.peers.front().allowedIps);
}

int lineOf(const QString &place, const std::vector<int> &lines, int interfaceLine)
{
    static const QRegularExpression devicePlace(u"^home\\.devices\\[([0-9]+)\\]"_s);
    const auto match = devicePlace.match(place);
    const std::size_t index = match.hasMatch() ? match.captured(1).toULongLong() : lines.size();
    if (index < lines.size())
        return lines[index];
    const bool ofPeer = place.startsWith(u"exits[0].peer"_s) && !lines.empty();
    return ofPeer ? lines.front() : std::max(interfaceLine, 1);
}

} // namespace

bool takesEverything(const std::vector<Prefix> &allowedIps)
{
    const auto covered = [&](Family family) {
        const auto halves = std::ranges::count_if(
            allowedIps, [&](const Prefix &each) { return each.family() == family && each.length() == 1; });
        return halves >= 2 || std::ranges::find(allowedIps, Prefix::everything(family)) != allowedIps.end();
    };
    return covered(Family::IPv4) || covered(Family::IPv6);
}

void changeReport(std::vector<LineReport> &reports, int line, Verdict verdict, const QString &sentence)
{
    const auto found = std::ranges::find(reports, line, &LineReport::line);
    if (found != reports.end()) {
        found->verdict = verdict;
        found->sentence = sentence;
    }
}

void changeReports(std::vector<LineReport> &reports, int firstLine, int lastLine, const QString &key, Verdict verdict,
    const QString &sentence)
{
    for (LineReport &report : reports) {
        if (report.line < firstLine || report.line > lastLine || (!key.isEmpty() && report.key != key))
            continue;
        report.verdict = verdict;
        report.sentence
            = report.sentence.isEmpty() || key.isEmpty() ? sentence : QString(report.sentence + u' ' + sentence);
    }
}

void addReport(std::vector<LineReport> &reports, const Annotation &annotation, const QString &sentence)
{
    reports.push_back({annotation.line, u'#' + QString(annotation.key.isEmpty() ? u""_s : u' ' + annotation.key),
        Verdict::Used, sentence});
}

void sortReports(std::vector<LineReport> &reports)
{
    std::ranges::stable_sort(reports, {}, &LineReport::line);
}

std::optional<Error> refusalOf(const std::variant<Home, Exit> &part, const std::vector<int> &lines, int interfaceLine)
{
    Configuration whole;
    std::visit(Overloaded{
                   [&](const Home &home) { whole.home = home; },
                   [&](const Exit &exit) { whole.exits = {exit}; },
               },
        part);
    const auto decoded = decodeConfiguration(encodeConfiguration(whole));
    if (decoded)
        return {};
    Error error = decoded.error();
    error.place = u"%1:1"_s.arg(lineOf(error.place, lines, interfaceLine));
    return error;
}

Result<Imported> importAsHome(std::span<const char> text, const ImportOptions &options)
{
    return importConf(text, ImportKind::Home, options);
}

Result<Imported> importAsExit(std::span<const char> text, const ImportOptions &options)
{
    return importConf(text, ImportKind::Exit, options);
}

Result<Imported> importConf(std::span<const char> text, ImportKind kind, const ImportOptions &options)
{
    auto conf = parseWgConf(text);
    if (!conf)
        return conf.error();
    if (conf->interface.line == 0)
        return Error{Errc::InvalidArgument, u"The file has no [Interface] section."_s, u"1:1"_s};
    const bool asExit = kind == ImportKind::Exit || (kind == ImportKind::Guess && looksLikeExit(*conf));
    return asExit ? exitFrom(std::move(*conf), options) : homeFrom(std::move(*conf), options);
}

} // namespace sallyport
