// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_why.h"

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

QString sign(Statement::Verdict verdict)
{
    switch (verdict) {
    case Statement::Verdict::Good:
        return u"✓"_s;
    case Statement::Verdict::Bad:
        return u"✗"_s;
    case Statement::Verdict::NotAsked:
        return u"?"_s;
    }
    Q_UNREACHABLE();
}

QString word(Statement::Verdict verdict)
{
    switch (verdict) {
    case Statement::Verdict::Good:
        return u"ok"_s;
    case Statement::Verdict::Bad:
        return u"bad"_s;
    case Statement::Verdict::NotAsked:
        return u"not-asked"_s;
    }
    Q_UNREACHABLE();
}

QString ending(const WhyAnswer &answer)
{
    if (!answer.works)
        return u"To change: "_s + answer.change;
    const bool isSure = std::ranges::none_of(
        answer.statements, [](const Statement &each) { return each.verdict == Statement::Verdict::NotAsked; });
    return isSure ? u"It works; there is nothing to change."_s
                  : u"Nothing is wrong as far as it could be asked; there is nothing to change."_s;
}

QVariantMap mapOf(const Statement &statement)
{
    QVariantMap map{{u"step"_s, statement.step}, {u"state"_s, word(statement.verdict)},
        {u"sentence"_s, statement.sentence}, {u"details"_s, statement.details}};
    if (!statement.advice.isEmpty())
        map.insert(u"advice"_s, statement.advice);
    return map;
}

} // namespace

QStringList whyLines(const WhyAnswer &answer)
{
    QStringList lines;
    for (const Statement &statement : answer.statements) {
        lines += sign(statement.verdict) + u' ' + statement.sentence;
        for (const QString &detail : statement.details)
            lines += u"    "_s + detail;
    }
    return lines + QStringList{ending(answer)};
}

QVariantMap whyMap(const WhyFacts &facts, const WhyAnswer &answer)
{
    QVariantList statements;
    for (const Statement &statement : answer.statements)
        statements += mapOf(statement);
    QVariantMap map{{u"host"_s, facts.host}, {u"works"_s, answer.works}, {u"statements"_s, statements},
        {u"change"_s, answer.change.isEmpty() ? QVariant::fromValue(nullptr) : QVariant(answer.change)}};
    if (facts.address)
        map.insert(u"address"_s, facts.address->toString());
    if (facts.route.kind == RouteFact::Kind::Sent)
        map.insert(u"interface"_s, facts.route.interface);
    const auto &home = facts.configuration.home;
    const Device *device = home && facts.address ? deviceFor(*home, *facts.address) : nullptr;
    if (device)
        map.insert(u"device"_s, device->name);
    return map;
}

} // namespace sallyport::cli
