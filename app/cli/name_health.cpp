// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/name_health.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

QString named(const QString &server)
{
    const bool isStub = server == u"127.0.0.53" || server == u"127.0.0.54";
    return isStub ? QString(server + u" (systemd-resolved)"_s) : server;
}

QString told(const NameServerAnswer &answer)
{
    switch (answer.kind) {
    case NameServerAnswer::Kind::Answered:
        return u"%1 answered after %2 ms"_s.arg(named(answer.server)).arg(answer.took.count());
    case NameServerAnswer::Kind::Failed:
        return u"%1 could not find out"_s.arg(named(answer.server));
    case NameServerAnswer::Kind::Refused:
        return u"%1 refused or is blocked"_s.arg(named(answer.server));
    case NameServerAnswer::Kind::Silent:
        return u"%1 did not answer within %2 ms"_s.arg(named(answer.server)).arg(answer.took.count());
    }
    return {};
}

} // namespace

Finding namesFinding(const std::vector<NameServerAnswer> &answers)
{
    QStringList parts;
    for (const NameServerAnswer &answer : answers)
        parts += told(answer);
    const bool answered = answers.back().kind == NameServerAnswer::Kind::Answered;
    const QString sentence = parts.join(u"; "_s) + u'.';
    if (answered && answers.size() == 1)
        return {u"names"_s, Health::Ok, sentence, {}};
    if (answered)
        return {u"names"_s, Health::Warning, sentence, u"Every name waits for those before it; see 'sally status'."_s};
    return {u"names"_s, Health::Bad, u"No name can be looked up: "_s + sentence,
        u"See 'sally status' for who is to be asked; policy.exitDns changes it."_s};
}

} // namespace sallyport::cli
