// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <chrono>

namespace sallyport {

/// Every number by which paths are chosen. The defaults are the product; tests pass worse ones to see them found out.
struct PathPolicy {
    using Micro = std::chrono::microseconds;
    using Milli = std::chrono::milliseconds;
    using Seconds = std::chrono::seconds;
    using Minutes = std::chrono::minutes;

    // Candidates.
    std::size_t mostCandidates = 10; ///< of one peer
    std::size_t mostRecords = 3; ///< of one name and family; somebody else writes them

    // Questions.
    Milli pacing{20}; ///< between the questions to one peer
    std::array<Milli, 3> waits{Milli(100), Milli(200), Milli(400)}; ///< after the first, second, third packet
    Seconds answerLife{5}; ///< a later answer is none
    Seconds freshFor{6}; ///< an answer says that a path works
    Seconds askBackEvery{5}; ///< one and the same place, because the peer asked from there
    int mostAskedLocally = 3; ///< packets to a local address that never answered here; a stranger may live there
    int mostFirstLook = 1; ///< packets to a local address behind the default route
    Minutes lookLocallyAgain{10}; ///< the peer says that it stands on this very network, but its address is silent
    int asksPerSecond = 150;
    int answersPerSecond = 10; ///< to one peer

    // Better paths.
    Milli sameLink{0};
    Milli routed{3}; ///< another local network, reached directly
    Milli global6{5};
    Milli mapped{8};
    Milli punched{10};
    Milli relayed{500}; ///< somebody passes it on: only if nothing else answers
    Milli metered{50};
    Milli preferred{2000}; ///< taken off
    Milli leastGain{5};
    int leastGainPercent = 15;
    Seconds confirmAfter{1}; ///< between the two samples that have to agree
    Seconds dwell{10};
    Minutes longestDwell{5};
    Seconds dampingWindow{60};
    int mostSwitches = 3; ///< in that window; the next one doubles the dwell
    int tornAfter = 3; ///< changes of the endpoint that are not ours
    Seconds tornWithin{10};
    Milli settle{300}; ///< others may still answer

    // A silent path.
    Milli secondPing{300};
    Milli suspectAfter{1000};
    Milli otherSideFirst{500}; ///< the controlled side leaves it that long to the other
    Seconds sessionLife{180}; ///< REJECT_AFTER_TIME of WireGuard
    Seconds staleHandshake{135};
    Seconds deadAfter{15}; ///< WireGuard's own time: KEEPALIVE_TIMEOUT and REKEY_TIMEOUT

    // Searching.
    Seconds lookAgain{60}; ///< for something better, while payload flows
    Minutes rarestLook{30}; ///< for a peer that never answers
    Seconds firstRetry{5}; ///< of a peer that is not reached; doubles
    Seconds rarestRetry{300};
    Seconds refinedEvery{30}; ///< rolled addresses and the like

    // Moves.
    Seconds moveLimit{15}; ///< the helper answers earlier, or is gone
    int mostSlips = 3;
    Seconds slipPause{1}; ///< doubles
    Seconds refusedPause{30}; ///< doubles, up to longestRefused
    Minutes longestRefused{10};
    Milli unknownRoundTrip{300}; ///< of a path that was never measured
    Milli leastStaleRoundTrip{200};

    // Trials of peers that answer no questions.
    Milli shortestTrial{120};
    Milli longestTrial{250};
    Seconds trialLimit{3};
    Seconds trialIdle{5};
    Seconds rotateEvery{6}; ///< a dead peer's endpoint stays that long: WireGuard has time for one handshake
    std::array<Minutes, 3> trialPauses{Minutes(10), Minutes(30), Minutes(120)};
    Milli initiationLimit{5400}; ///< WireGuard starts no second handshake earlier
    Seconds initiateEvery{2}; ///< on request

    // At rest, and not.
    Seconds activeFor{30}; ///< without payload
    Seconds statsEvery{1};
    Seconds statsEveryOfMany{2};
    std::size_t many = 200;
    Seconds statsLimit{2};
    Seconds leap{30}; ///< that much too late: the machine slept
    Seconds shortestLifetime{60}; ///< of a name
    Seconds longestLifetime{3600};
    Seconds nameLimit{10};
    Seconds nameAgain{30}; ///< if what the name says does not work

    // Only ever false to show that somebody notices.
    bool attests = true;
    bool hasRoles = true;
};

} // namespace sallyport
