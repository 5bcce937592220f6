// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/nft_reader.h"

namespace sallyport::model::nft {

using namespace Qt::StringLiterals;

namespace {

QByteArray unquoted(const QByteArray &word)
{
    return word.startsWith('"') ? word.mid(1, word.size() - 2) : word;
}

void endStatement(Words &words)
{
    if (!words.takeIf(";") && !words.nextIs("\n") && !words.nextIs("}"))
        words.fail(u"expected the end of a statement, not %1"_s.arg(QString::fromUtf8(words.next())));
    words.skipLines();
}

std::vector<Key> readType(Words &words)
{
    static const std::map<QByteArray, Key> known = {{"ifname", Key::OutputName}, {"ipv4_addr", Key::Destination4},
        {"ipv6_addr", Key::Destination6}, {"inet_service", Key::DestinationPort}, {"mark", Key::Mark}};
    std::vector<Key> types;
    do {
        const auto type = known.find(words.take());
        if (type == known.end())
            words.fail(u"unknown type of a set"_s);
        else
            types.push_back(type->second);
    } while (words.takeIf("."));
    return types;
}

Set readSet(Words &words)
{
    Set set;
    words.expect("{");
    words.skipLines();
    words.expect("type");
    set.types = readType(words);
    endStatement(words);
    while (!words.failed() && !words.nextIs("}")) {
        if (words.takeIf("flags"))
            words.expect("interval");
        else if (!words.takeIf("auto-merge")) {
            words.expect("elements");
            words.expect("=");
            set.elements = readElements(words, set.types);
        }
        endStatement(words);
    }
    words.expect("}");
    return set;
}

Hook readHook(Words &words)
{
    static const std::map<QByteArray, Hook> known = {{"prerouting", Hook::Prerouting}, {"input", Hook::Input},
        {"forward", Hook::Forward}, {"output", Hook::Output}, {"postrouting", Hook::Postrouting}};
    const auto hook = known.find(words.take());
    if (hook == known.end())
        words.fail(u"unknown hook"_s);
    return hook == known.end() ? Hook::Output : hook->second;
}

/// After `type`.
Base readBase(Words &words)
{
    Base base;
    base.reroutes = words.nextIs("route");
    if (!words.takeIf("route"))
        words.expect("filter");
    words.expect("hook");
    base.hook = readHook(words);
    words.expect("priority");
    bool ok = false;
    base.priority = words.take().toInt(&ok);
    if (!ok)
        words.fail(u"the priority is no number"_s);
    words.expect(";");
    words.expect("policy");
    base.accepts = words.nextIs("accept");
    if (!words.takeIf("accept"))
        words.expect("drop");
    endStatement(words);
    return base;
}

Chain readChain(Words &words)
{
    Chain chain;
    chain.name = words.take();
    words.expect("{");
    words.skipLines();
    if (words.takeIf("type"))
        chain.base = readBase(words);
    while (!words.failed() && !words.nextIs("}")) {
        chain.rules.push_back(readRule(words));
        words.skipLines();
    }
    words.expect("}");
    return chain;
}

void readItem(Words &words, Table &table)
{
    if (words.takeIf("comment")) {
        table.comment = unquoted(words.take());
        endStatement(words);
    } else if (words.takeIf("set")) {
        const QByteArray name = words.take();
        if (!table.sets.emplace(name, readSet(words)).second)
            words.fail(u"a set twice"_s);
    } else if (words.takeIf("chain")) {
        Chain chain = readChain(words);
        if (!table.chains.emplace(chain.name, chain).second)
            words.fail(u"a chain twice"_s);
    } else {
        words.fail(u"unknown part of a table: %1"_s.arg(QString::fromUtf8(words.next())));
    }
    words.skipLines();
}

/// Sets and chains that are named must be there.
std::optional<Error> resolve(const Table &table, Statement &statement)
{
    auto *match = std::get_if<Match>(&statement);
    const auto *verdict = std::get_if<Verdict>(&statement);
    if (match && !match->set.isEmpty()) {
        const auto set = table.sets.find(match->set);
        if (set == table.sets.end() || set->second.types.size() != match->fields.size())
            return Error{Errc::InvalidArgument, u"no set %1 that fits"_s.arg(QString::fromUtf8(match->set)), {}};
        match->elements = set->second.elements;
    }
    if (verdict && !verdict->chain.isEmpty() && !table.chains.contains(verdict->chain))
        return Error{Errc::InvalidArgument, u"no chain %1"_s.arg(QString::fromUtf8(verdict->chain)), {}};
    return std::nullopt;
}

std::optional<Error> resolve(Table &table)
{
    for (auto &[name, chain] : table.chains) {
        for (Rule &rule : chain.rules) {
            for (Statement &statement : rule) {
                if (const auto error = resolve(table, statement))
                    return error;
            }
        }
    }
    return std::nullopt;
}

} // namespace

Result<Table> read(const QByteArray &text)
{
    Words words(text);
    Table table;
    words.skipLines();
    words.expect("table");
    words.expect("inet");
    table.name = words.take();
    words.expect("{");
    words.skipLines();
    while (!words.failed() && !words.nextIs("}"))
        readItem(words, table);
    words.expect("}");
    words.skipLines();
    if (!words.atEnd())
        words.fail(u"more text after the table"_s);
    if (words.error())
        return *words.error();
    if (const auto dangling = resolve(table))
        return *dangling;
    return table;
}

} // namespace sallyport::model::nft
