// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/nft_reader.h"
#include "tests/model/walk.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace sallyport;
using namespace sallyport::model;
using namespace Qt::StringLiterals;

using Operations = std::vector<Operation>;

namespace {

constexpr unsigned kSeed = 7;
constexpr int kChanges = 3000;

template<class T>
bool is(const Operation &operation)
{
    return std::holds_alternative<T>(operation);
}

bool closesGuard(const Operation &operation)
{
    const auto *replace = std::get_if<ReplaceTable>(&operation);
    return replace && replace->table.name == QLatin1String(kGuardTable);
}

bool opensGuard(const Operation &operation)
{
    const auto *remove = std::get_if<DeleteTable>(&operation);
    return remove && remove->name == QLatin1String(kGuardTable);
}

template<class Which>
Operations last(Operations operations, Which which)
{
    std::ranges::stable_partition(operations, [&](const Operation &each) { return !which(each); });
    return operations;
}

template<class Which>
Operations first(Operations operations, Which which)
{
    std::ranges::stable_partition(operations, which);
    return operations;
}

template<class Which>
Operations without(Operations operations, Which which)
{
    std::erase_if(operations, which);
    return operations;
}

/// The product's planner, told something else to want.
Planner wanting(const std::function<void(DesiredState &)> &change)
{
    return [change](DesiredState desired, const ObservedState &observed) {
        change(desired);
        return plannedByProduct(desired, observed);
    };
}

/// The product's plan, carried out otherwise.
Planner carriedOut(const std::function<Operations(Operations)> &change)
{
    return [change](const DesiredState &desired, const ObservedState &observed) {
        return change(plannedByProduct(desired, observed));
    };
}

void rewriteGuard(DesiredState &desired, const QByteArray &from, const QByteArray &to)
{
    for (sallyport::Table &table : desired.tables) {
        if (table.name == QLatin1String(kGuardTable) || from.contains("daddr @tunnel"))
            table.text.replace(from, to);
    }
}

Route publicThrow()
{
    Route route;
    route.table = kExitTable;
    route.destination = *Prefix::parse(u"203.0.113.0/24");
    route.kind = Route::Kind::Throw;
    return route;
}

void dropGuard(DesiredState &desired)
{
    std::erase_if(desired.tables, [](const auto &table) { return table.name == QLatin1String(kGuardTable); });
}

void addPublicThrow(DesiredState &desired)
{
    const bool hasExit
        = std::ranges::any_of(desired.routes, [](const Route &each) { return each.table == kExitTable; });
    if (!hasExit)
        return;
    desired.routes.push_back(publicThrow());
    std::ranges::sort(desired.routes);
}

void dropUnreachable(DesiredState &desired)
{
    std::erase_if(desired.routes, [](const Route &each) { return each.kind == Route::Kind::Unreachable; });
}

void leaveLockToGuard(DesiredState &desired)
{
    const bool hasExit = std::ranges::any_of(desired.routes,
        [](const Route &each) { return each.table == kExitTable && each.kind == Route::Kind::Unicast; });
    if (!hasExit)
        std::erase_if(desired.rules, [](const Rule &each) { return each.table == kExitTable; });
}

struct Mutant {
    const char *name;
    Planner planner;
};

std::vector<Mutant> mutants()
{
    return {
        {"the guard closes last", carriedOut([](Operations all) { return last(std::move(all), closesGuard); })},
        {"the guard never closes", wanting(dropGuard)},
        {"the guard opens first", carriedOut([](Operations all) { return first(std::move(all), opensGuard); })},
        {"a public network is thrown past the exit", wanting(addPublicThrow)},
        {"nor is there a guard", wanting([](DesiredState &desired) {
             dropGuard(desired);
             addPublicThrow(desired);
         })},
        {"nothing is unreachable", wanting(dropUnreachable)},
        {"only the guard locks", wanting(leaveLockToGuard)},
        {"rules go before routes come",
            carriedOut([](Operations all) { return first(std::move(all), is<DeleteRule>); })},
        {"rules of encrypted packets are missing", carriedOut([](Operations all) {
             return without(std::move(all), [](const Operation &each) {
                 const auto *add = std::get_if<AddRule>(&each);
                 return add && add->rule.mark != 0;
             });
         })},
        {"routes go before rules", carriedOut([](Operations all) { return first(std::move(all), is<DeleteRoute>); })},
        {"links go first", carriedOut([](Operations all) { return first(std::move(all), is<DeleteLink>); })},
        {"peers are changed last",
            carriedOut([](Operations all) { return last(std::move(all), is<ConfigureWireGuard>); })},
        {"marked packets may go anywhere", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "counter drop\n    meta mark", "accept\n    meta mark");
         })},
        {"names may be asked of the local network", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "dport { 53, 853 } counter reject", "dport 1 reject");
         })},
        {"the local network is everything", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "oifname @uplinks ip daddr @lan4", "oifname @uplinks ip daddr 0.0.0.0/0");
         })},
        {"everybody may reach tunnel addresses", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "ip daddr @tunnel_addresses4 fib saddr type != local counter drop",
                 "ip daddr @tunnel_addresses4 accept");
         })},
        {"the guard drops instead of rejecting", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "counter reject with icmpx type admin-prohibited", "counter drop");
         })},
        {"it forwards what comes", wanting([](DesiredState &desired) {
             rewriteGuard(desired, "priority 10; policy drop;\n    oifname @tunnels accept\n    iifname",
                 "priority 10; policy drop;\n    accept\n    iifname");
         })},
    };
}

/// The first thing that is seen to go wrong.
QString seen(Walk &walk)
{
    const QStringList unkept = walk.settle();
    if (!unkept.isEmpty())
        return unkept.first();
    std::mt19937 random(kSeed);
    const std::size_t all = walk.wishes().size();
    const std::size_t beside = all / kPlaces.size();
    for (int i = 0; i < kChanges; ++i) {
        const std::size_t from = random() % all;
        const std::size_t to = i % 4 == 0 ? random() % all : from - from % beside + random() % beside;
        if (QString broken = walk.go(from, to); !broken.isEmpty())
            return broken;
    }
    for (std::size_t wish = 0; wish < all; ++wish) {
        if (QString broken = walk.flushTables(wish); !broken.isEmpty())
            return broken;
        for (const char *link : {kHomeLink, kExitLink}) {
            if (QString broken = walk.vanish(wish, QString::fromLatin1(link)); !broken.isEmpty())
                return broken;
        }
    }
    return {};
}

} // namespace

/// The model has to see what it is there to see: planners that are a little worse than ours.
class ModelMutantsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aWorsePlannerIsFoundOut_data();
    void aWorsePlannerIsFoundOut();
    void theUnchangedPlannerIsNot();
    void whatTheModelDoesNotKnowIsRefused_data();
    void whatTheModelDoesNotKnowIsRefused();
};

void ModelMutantsTest::aWorsePlannerIsFoundOut_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Mutant &mutant : mutants())
        QTest::newRow(mutant.name) << index++;
}

void ModelMutantsTest::aWorsePlannerIsFoundOut()
{
    QFETCH(int, index);
    Walk walk(mutants()[static_cast<std::size_t>(index)].planner);
    const QString found = seen(walk);
    QVERIFY(!found.isEmpty());
    qInfo("found: %s", qPrintable(found));
}

void ModelMutantsTest::theUnchangedPlannerIsNot()
{
    Walk walk;
    QCOMPARE(seen(walk), QString());
}

void ModelMutantsTest::whatTheModelDoesNotKnowIsRefused_data()
{
    QTest::addColumn<QByteArray>("rule");
    for (const char *rule :
        {"limit rate 5/second accept", "masquerade", "ip daddr 10.0.0.0/33 accept", "ip daddr @none accept",
            "jump nowhere", "meta oiftype 1 accept", "tcp dport { 53, 853 accept", "reject with tcp",
            "ct state != established,related drop", "iifname \"eth0\" queue", "meta mark set jhash ip saddr mod 2",
            "ip daddr . udp dport . ip saddr 10.0.0.1 . 53 . 10.0.0.2 accept", "icmpv6 type nd-something accept"})
        QTest::newRow(rule) << QByteArray(rule);
}

void ModelMutantsTest::whatTheModelDoesNotKnowIsRefused()
{
    QFETCH(QByteArray, rule);
    const auto tableWith = [](const QByteArray &line) {
        return QByteArray("table inet t {\n  chain c { type filter hook output priority 0; policy drop;\n    ") + line
            + "\n  }\n}\n";
    };
    QVERIFY(nft::read(tableWith("oifname \"eth0\" udp dport { 53, 853 } counter accept")));
    const auto refused = nft::read(tableWith(rule));
    QVERIFY(!refused);
    QVERIFY(!refused.error().detail.isEmpty());
}

QTEST_GUILESS_MAIN(ModelMutantsTest)
#include "mutants_test.moc"
