// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/name_health.h"

#include "app/health/health_words.h"

namespace sallyport {

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
        return HealthWords::tr("%1 answered after %2 ms").arg(named(answer.server)).arg(answer.took.count());
    case NameServerAnswer::Kind::Failed:
        return HealthWords::tr("%1 could not find out").arg(named(answer.server));
    case NameServerAnswer::Kind::Refused:
        return HealthWords::tr("%1 refused or is blocked").arg(named(answer.server));
    case NameServerAnswer::Kind::Silent:
        return HealthWords::tr("%1 did not answer within %2 ms").arg(named(answer.server)).arg(answer.took.count());
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
        return {u"names"_s, Health::Warning, sentence,
            HealthWords::tr("Every name waits for those before it; see 'sally status'.")};
    return {u"names"_s, Health::Bad, HealthWords::tr("No name can be looked up: ") + sentence,
        HealthWords::tr("See 'sally status' for who is to be asked; policy.exitDns changes it.")};
}

} // namespace sallyport
