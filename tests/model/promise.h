// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/model/classes.h"

namespace sallyport::model {

/// What a wish promises for a class of packets once it has come true.
struct Promise {
    enum class Kind {
        Anything,
        Refused,
        Clear, ///< leaves by a physical link, readable
        Bridge, ///< stays on this machine
        Tunnel,
        Here,
        NotClear, ///< wherever else
    };
    Kind kind = Kind::Anything;
    Name tunnel;
    std::optional<IpAddress> server;

    bool isKeptBy(const Fate &fate) const;
    QString toString() const;
};

/// Written from the words of the design, not from the planner.
using Promises = std::array<Promise, kClasses>;
Promises promisesOf(const Wish &wish);

/// One wish that turns into another, perhaps by way of a third that was given up halfway.
struct Change {
    explicit Change(std::vector<Wish> course);

    const Wish &before() const { return wishes.front(); }
    const Wish &after() const { return wishes.back(); }
    /// All the time; or from the first operation on, which is to close the guard before anything else is done.
    bool isGuarded() const;
    bool keepsHome() const;
    bool keepsHomeLink() const;
    bool keepsSe() const;
    bool everAllowsLan() const; ///< of the wishes that have a guard
    bool everPromises(Class which, Promise::Kind kind) const; ///< likewise

    std::vector<Wish> wishes;
    std::vector<Promises> promises;
};
/// Payload of programs and containers that no local network, nor home, is meant to see.
bool isMeantForInternet(Class which);
/// It leaves the machine, and whoever listens on the wire can read it.
bool isReadable(const Fate &fate);
/// Why a class of packets may not have this fate meanwhile, whatever has been done so far; empty: it may.
QString harmOf(Class which, const Fate &fate, const Change &change);

/// Whether nothing may happen to the class meanwhile if it has the same fate before and after. Home's packets are Home's
/// matter: when Home itself is switched they may go another way for a moment.
bool mustNotBeInterrupted(Class which, const Change &change);

} // namespace sallyport::model
