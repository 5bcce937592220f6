// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/arguments.h"

#include "app/cli/command_line.h"
#include "app/cli/device_arguments.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Patience> patienceOf(const Line &line)
{
    if (line.has(u"--wait"_s) && line.has(u"--no-wait"_s))
        return usage(u"--wait and --no-wait contradict each other"_s, line);
    if (line.has(u"--no-wait"_s))
        return Patience();
    if (!line.has(u"--wait"_s))
        return Patience(kDefaultPatience);
    const auto seconds = number(line, line.value(u"--wait"_s), u"a number of seconds"_s, 3600);
    if (!seconds)
        return seconds.error();
    return Patience(std::chrono::seconds(*seconds));
}

bool isOnOff(const Line &line)
{
    return line.words.size() == 1 && (line.words[0] == u"on" || line.words[0] == u"off");
}

Result<Request> parseStatus(const Line &line)
{
    if (!line.words.isEmpty())
        return badWords(line);
    return Request(StatusRequest{line.json(), line.has(u"--watch"_s)});
}

Result<Request> parseSwitch(const Line &line, Switch which)
{
    const bool use
        = which == Switch::Exit && line.words.size() == 2 && line.words[0] == u"use" && !line.words[1].isEmpty();
    if (!use && !isOnOff(line))
        return badWords(line);
    const auto patience = patienceOf(line);
    if (!patience)
        return patience.error();
    SwitchRequest request;
    request.which = which;
    request.on = use || line.words[0] == u"on";
    request.exitName = use ? line.words[1] : QString();
    request.patience = *patience;
    request.json = line.json();
    return Request(request);
}

Result<Request> parseHome(const Line &line)
{
    return parseSwitch(line, Switch::Home);
}

Result<Request> parseExit(const Line &line)
{
    if (line.words == QStringList{u"list"_s})
        return Request(ExitListRequest{line.json()});
    return parseSwitch(line, Switch::Exit);
}

Result<Request> parseLockdown(const Line &line)
{
    if (!isOnOff(line))
        return badWords(line);
    return Request(LockdownRequest{line.words[0] == u"on", line.json()});
}

Result<Request> parsePause(const Line &line)
{
    if (line.words.size() != 1)
        return badWords(line);
    if (line.words[0] == u"off")
        return Request(PauseRequest{std::chrono::minutes(0), line.json()});
    const auto minutes = number(line, line.words[0], u"a number of minutes"_s, 1440);
    if (!minutes)
        return minutes.error();
    return Request(PauseRequest{std::chrono::minutes(*minutes), line.json()});
}

Result<Request> parseApply(const Line &line)
{
    if (line.words.size() != 1 || line.words[0].isEmpty())
        return badWords(line);
    return Request(ApplyRequest{line.words[0], line.json()});
}

Result<Request> parseImport(const Line &line)
{
    if (line.words.size() != 1 || line.words[0].isEmpty())
        return badWords(line);
    if (line.has(u"--home"_s) && line.has(u"--exit"_s))
        return usage(u"--home and --exit contradict each other"_s, line);
    ImportRequest request;
    request.file = line.words[0];
    if (line.has(u"--home"_s) || line.has(u"--exit"_s))
        request.as = line.has(u"--home"_s) ? ImportAs::Home : ImportAs::Exit;
    request.name = line.value(u"--name"_s);
    request.replace = line.has(u"--replace"_s);
    request.json = line.json();
    return Request(request);
}

Result<Request> parseExport(const Line &line)
{
    if (line.words.size() != 1 || line.words[0].isEmpty())
        return badWords(line);
    if (line.has(u"--conf"_s) + line.has(u"--qr"_s) + line.has(u"--png"_s) > 1)
        return usage(u"--conf, --qr and --png contradict each other"_s, line);
    ExportRequest request;
    request.name = line.words[0];
    if (line.has(u"--qr"_s) || line.has(u"--png"_s))
        request.form = line.has(u"--qr"_s) ? ExportForm::Qr : ExportForm::Png;
    request.pngFile = line.value(u"--png"_s);
    request.keyFile = line.value(u"--key"_s);
    request.json = line.json();
    return Request(request);
}

Result<Request> parseKeygen(const Line &line)
{
    if (!line.words.isEmpty())
        return badWords(line);
    return Request(KeygenRequest{line.value(u"--out"_s), line.json()});
}

Result<Request> parseWhy(const Line &line)
{
    if (line.words.size() != 1 || line.words[0].isEmpty())
        return badWords(line);
    return Request(WhyRequest{line.words[0], line.json()});
}

Result<Request> parseDoctor(const Line &line)
{
    if (!line.words.isEmpty())
        return badWords(line);
    return Request(DoctorRequest{line.json()});
}

Result<Request> parseReport(const Line &line)
{
    if (line.words.size() != 1 || line.words[0].isEmpty())
        return badWords(line);
    if (line.has(u"--open"_s) && line.has(u"--strict"_s))
        return usage(u"--open and --strict contradict each other"_s, line);
    ReportRequest request{line.words[0]};
    if (line.has(u"--open"_s) || line.has(u"--strict"_s))
        request.anonymity = line.has(u"--open"_s) ? Anonymity::Open : Anonymity::Strict;
    return Request(request);
}

Result<Request> parseUnlock(const Line &line)
{
    if (!line.words.isEmpty())
        return badWords(line);
    return Request(UnlockRequest{line.json()});
}

using Parser = Result<Request> (*)(const Line &);

Parser parserFor(const QString &command)
{
    static const QMap<QString, Parser> parsers = {{u"status"_s, &parseStatus}, {u"home"_s, &parseHome},
        {u"exit"_s, &parseExit}, {u"lockdown"_s, &parseLockdown}, {u"pause"_s, &parsePause}, {u"apply"_s, &parseApply},
        {u"import"_s, &parseImport}, {u"export"_s, &parseExport}, {u"device"_s, &parseDevice}, {u"why"_s, &parseWhy},
        {u"keygen"_s, &parseKeygen}, {u"doctor"_s, &parseDoctor}, {u"report"_s, &parseReport},
        {u"unlock"_s, &parseUnlock}};
    return parsers.value(command);
}

bool asksForHelp(const QStringList &words)
{
    for (const QString &word : words) {
        if (word == u"--")
            return false;
        if (word == u"--help" || word == u"-h")
            return true;
    }
    return false;
}

Error unknownCommand(const QString &name)
{
    return {Errc::InvalidArgument, u"'%1' is not a command; try 'sally --help'"_s.arg(name.left(64)), {}};
}

} // namespace

Result<Request> parseArguments(const QStringList &words)
{
    if (words.isEmpty())
        return Error{Errc::InvalidArgument, u"no command is given; try 'sally --help'"_s, {}};
    const QString &name = words.first();
    if (name == u"--version")
        return Request(VersionRequest{});
    if (name == u"--help" || name == u"-h")
        return Request(HelpRequest{});
    if (name == u"help" && words.size() == 1)
        return Request(HelpRequest{});
    const bool help = name == u"help";
    const QString command = help ? words[1] : name;
    const CommandSpec *spec = findCommand(command);
    if (!spec)
        return unknownCommand(command);
    if (help || asksForHelp(words.mid(1)))
        return Request(HelpRequest{command});
    const auto line = takeApart(*spec, words.mid(1));
    if (!line)
        return line.error();
    return parserFor(command)(*line);
}

} // namespace sallyport::cli
