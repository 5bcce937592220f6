// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/walk.h"

#include "core/plan/planner.h"

#include <algorithm>
#include <span>

namespace sallyport::model {

using namespace Qt::StringLiterals;

namespace {

QString told(const Change &change, const QString &when, const QString &what)
{
    return u"%1 -> %2, %3: %4"_s.arg(change.before().toString(), change.after().toString(), when, what);
}

Class classAt(std::size_t index)
{
    return static_cast<Class>(index);
}

/// What was the same before and is the same afterwards is never different meanwhile: one switch does not interrupt the
/// other.
QString interruption(const Change &change, const std::vector<Fates> &course, const std::vector<Operation> &operations)
{
    for (std::size_t i = 0; i < kClasses; ++i) {
        const bool isSame = course.front()[i] == course.back()[i] && !course.front()[i].isRefused();
        if (!isSame || !mustNotBeInterrupted(classAt(i), change))
            continue;
        for (std::size_t step = 1; step < course.size(); ++step) {
            if (course[step][i] != course.front()[i] && course[step][i].end != Fate::End::Absent)
                return told(change, u"after "_s + describe(operations[step - 1]),
                    u"%1 interrupted: %2, then %3"_s.arg(
                        nameOf(classAt(i)), course.front()[i].toString(), course[step][i].toString()));
        }
    }
    return {};
}

bool opensGuard(const Operation &operation)
{
    const auto *remove = std::get_if<DeleteTable>(&operation);
    return remove && remove->name == QLatin1String(kGuardTable);
}

/// Opening the guard is the last thing that is done: whatever leaves from then on goes where it will go in the end.
QString openedTooEarly(const Change &change, const std::vector<Fates> &course, const std::vector<Operation> &operations)
{
    const auto opening = std::ranges::find_if(operations, opensGuard);
    const auto done = static_cast<std::size_t>(opening - operations.begin()) + 1;
    for (std::size_t step = done; step < course.size(); ++step) {
        for (std::size_t i = 0; i < kClasses; ++i) {
            const bool ends = course.back()[i].end == Fate::End::Absent;
            if (!ends && course[step][i].end == Fate::End::Left && course[step][i] != course.back()[i])
                return told(change, u"the guard is open and work remains"_s, nameOf(classAt(i)));
        }
    }
    return {};
}

/// Operations that no packet can notice.
bool isInvisible(const Operation &operation)
{
    return std::holds_alternative<SetLinkMtu>(operation) || std::holds_alternative<WriteSetting>(operation)
        || std::holds_alternative<RestoreSetting>(operation) || std::holds_alternative<WriteHosts>(operation)
        || std::holds_alternative<WriteBootGuard>(operation) || std::holds_alternative<WriteDns>(operation);
}

} // namespace

std::vector<Operation> plannedByProduct(const DesiredState &desired, const ObservedState &observed)
{
    Plan plan = sallyport::plan(desired, observed);
    std::vector<Operation> all = std::move(plan.now);
    all.insert(all.end(), plan.comfort.begin(), plan.comfort.end());
    all.insert(all.end(), plan.later.begin(), plan.later.end());
    return all;
}

Walk::Walk(Planner planner) : m_planner(std::move(planner)), m_wishes(allWishes())
{
    for (const Place place : kPlaces)
        m_packets.push_back(packetsAt(place));
    for (const Wish &wish : m_wishes)
        m_desired.push_back(desiredFor(wish));
}

Fates Walk::fatesOn(const Machine &machine, Place place)
{
    const Path path(machine);
    Fates fates;
    for (std::size_t i = 0; i < kClasses; ++i) {
        const auto &packet = packets(place)[i];
        const bool happens = packet && (packet->input.isEmpty() || path.routing().isUp(packet->input));
        if (happens)
            fates[i] = path.fateOf(*packet);
        else
            fates[i].end = Fate::End::Absent;
        m_counts.packets += happens ? 1 : 0;
    }
    return fates;
}

QString Walk::lookAt(const Machine &machine, const Change &change, Fates &fates)
{
    fates = fatesOn(machine, change.after().place);
    ++m_counts.states;
    for (std::size_t i = 0; i < kClasses; ++i) {
        if (const QString harm = harmOf(classAt(i), fates[i], change); !harm.isEmpty())
            return u"%1: %2 (%3)"_s.arg(nameOf(classAt(i)), harm, fates[i].toString());
    }
    return {};
}

QString Walk::run(Machine &machine, const Change &change, std::size_t to, bool fromMiddle)
{
    const std::vector<Operation> operations = m_planner(m_desired.at(to), machine.observe());
    std::vector<Fates> course(operations.size() + 1);
    course.front() = fatesOn(machine, change.after().place);
    for (std::size_t i = 0; i < operations.size(); ++i) {
        if (const auto done = machine.apply(operations[i]); !done)
            return told(change, describe(operations[i]), done.error().detail);
        ++m_counts.operations;
        if (i > 0 && isInvisible(operations[i])) {
            course[i + 1] = course[i];
            continue;
        }
        if (const QString harm = lookAt(machine, change, course[i + 1]); !harm.isEmpty())
            return told(change, u"after "_s + describe(operations[i]), harm);
    }
    for (std::size_t i = 0; i < kClasses; ++i) {
        if (course.back()[i].end != Fate::End::Absent && !change.promises.back()[i].isKeptBy(course.back()[i]))
            return told(change, u"in the end"_s,
                u"%1: %2, promised: %3"_s.arg(
                    nameOf(classAt(i)), course.back()[i].toString(), change.promises.back()[i].toString()));
    }
    if (!m_planner(m_desired.at(to), machine.observe()).empty())
        return told(change, u"in the end"_s, u"there is still something to do"_s);
    if (QString early = openedTooEarly(change, course, operations); !early.isEmpty())
        return early;
    return fromMiddle ? QString() : interruption(change, course, operations);
}

QStringList Walk::settle()
{
    QStringList all;
    for (std::size_t i = 0; i < m_wishes.size(); ++i) {
        Wish nothing;
        nothing.place = m_wishes[i].place;
        Machine machine(groundOf(nothing.place), std::make_shared<ReadTables>());
        if (i > 0)
            machine = Machine(groundOf(nothing.place), m_settled.front().tables());
        if (const QString broken = run(machine, Change({nothing, m_wishes[i]}), i); !broken.isEmpty())
            all += broken;
        m_settled.push_back(std::move(machine));
    }
    return all;
}

Machine Walk::standing(std::size_t from, std::size_t to) const
{
    Machine machine = m_settled.at(from);
    if (m_wishes.at(from).place != m_wishes.at(to).place)
        machine.moveTo(groundOf(m_wishes.at(to).place));
    return machine;
}

QString Walk::go(std::size_t from, std::size_t to)
{
    ++m_counts.transitions;
    Machine machine = standing(from, to);
    return run(machine, Change({m_wishes.at(from), m_wishes.at(to)}), to);
}

std::size_t Walk::lengthOf(std::size_t from, std::size_t to) const
{
    return m_planner(m_desired.at(to), standing(from, to).observe()).size();
}

QString Walk::crash(std::size_t from, std::size_t to, std::size_t operations, std::size_t target)
{
    ++m_counts.crashes;
    Machine machine = standing(from, to);
    const std::vector<Operation> planned = m_planner(m_desired.at(to), machine.observe());
    for (std::size_t i = 0; i < std::min(operations, planned.size()); ++i) {
        if (const auto done = machine.apply(planned[i]); !done)
            return done.error().detail;
    }
    // What was half done towards one wish may be undone towards another, so all three have a say.
    const Change change({m_wishes.at(from), m_wishes.at(to), m_wishes.at(target)});
    const QString broken = run(machine, change, target, true);
    return broken.isEmpty()
        ? broken
        : u"crash after operation %1 towards %2: "_s.arg(operations).arg(m_wishes.at(to).toString()) + broken;
}

QString Walk::crashEverywhere(std::size_t from, std::size_t to)
{
    Machine machine = standing(from, to);
    const std::vector<Operation> planned = m_planner(m_desired.at(to), machine.observe());
    const Change change({m_wishes.at(from), m_wishes.at(to)});
    for (std::size_t i = 0; i < planned.size(); ++i) {
        if (const auto done = machine.apply(planned[i]); !done)
            return done.error().detail;
        ++m_counts.crashes;
        const std::vector<Operation> next = m_planner(m_desired.at(to), machine.observe());
        if (std::ranges::equal(next, std::span(planned).subspan(i + 1))) {
            ++m_counts.continued;
            continue;
        }
        Machine copy = machine;
        if (const QString broken = run(copy, change, to, true); !broken.isEmpty())
            return u"crash after %1: "_s.arg(describe(planned[i])) + broken;
    }
    return {};
}

QString Walk::flushTables(std::size_t wish)
{
    Machine machine = m_settled.at(wish);
    for (const char *table : {kGuardTable, kPlumbingTable}) {
        if (const auto done = machine.apply(DeleteTable{QString::fromLatin1(table)}); !done)
            return done.error().detail;
    }
    const Change change({m_wishes.at(wish), m_wishes.at(wish)});
    const Fates fates = fatesOn(machine, change.after().place);
    for (std::size_t i = 0; i < kClasses; ++i) {
        if (isMeantForInternet(classAt(i)) && change.isGuarded() && isReadable(fates[i]))
            return told(change, u"without tables"_s, nameOf(classAt(i)) + u" leaves"_s);
    }
    return {};
}

QString Walk::vanish(std::size_t wish, const QString &link)
{
    ++m_counts.transitions;
    Machine machine = m_settled.at(wish);
    machine.vanish(link);
    const Change change({m_wishes.at(wish), m_wishes.at(wish)});
    Fates fates;
    if (const QString harm = lookAt(machine, change, fates); !harm.isEmpty())
        return told(change, link + u" vanished"_s, harm);
    return run(machine, change, wish);
}

} // namespace sallyport::model
