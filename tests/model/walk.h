// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/promise.h"

#include <QStringList>

#include <functional>

namespace sallyport::model {

struct Counts {
    qint64 states = 0; ///< after each operation
    qint64 transitions = 0;
    qint64 crashes = 0; ///< transitions that begin in the middle of another
    qint64 continued = 0; ///< crashes after which the next plan is the rest of the one before, so looked at already
    qint64 operations = 0;
    qint64 packets = 0;
};

/// What is asked for the operations; the product's planner unless a test wants to see a worse one found out.
using Planner = std::function<std::vector<Operation>(const DesiredState &, const ObservedState &)>;
std::vector<Operation> plannedByProduct(const DesiredState &desired, const ObservedState &observed);

using Fates = std::array<Fate, kClasses>;

/// Goes from wish to wish, operation by operation, and looks at every class of packets after each.
class Walk {
public:
    explicit Walk(Planner planner = plannedByProduct);

    const std::vector<Wish> &wishes() const { return m_wishes; }
    const Counts &counts() const { return m_counts; }

    /// Comes to each wish from nothing and compares what is with what was promised. Every broken promise.
    QStringList settle();
    /// From one wish, settled before, to another. Empty, or the first thing that went wrong.
    QString go(std::size_t from, std::size_t to);
    /// The same, but the helper dies after `operations` of them and another plans from there to `target`.
    QString crash(std::size_t from, std::size_t to, std::size_t operations, std::size_t target);
    /// The same after each operation, with the same target as before.
    QString crashEverywhere(std::size_t from, std::size_t to);
    /// One of our links goes by itself; then the helper mends it.
    QString vanish(std::size_t wish, const QString &link);
    /// Somebody removes all tables: rules and routes alone keep what is meant for the internet.
    QString flushTables(std::size_t wish);
    std::size_t lengthOf(std::size_t from, std::size_t to) const;
    const Machine &settled(std::size_t wish) const { return m_settled.at(wish); }

private:
    QString run(Machine &machine, const Change &change, std::size_t to, bool fromMiddle = false);
    QString lookAt(const Machine &machine, const Change &change, Fates &fates);
    Machine standing(std::size_t from, std::size_t to) const;
    const Packets &packets(Place place) const { return m_packets.at(static_cast<std::size_t>(place)); }
    Fates fatesOn(const Machine &machine, Place place);

    Planner m_planner;
    std::vector<Wish> m_wishes;
    std::vector<DesiredState> m_desired;
    std::vector<Machine> m_settled;
    std::vector<Packets> m_packets;
    Counts m_counts;
};

} // namespace sallyport::model
