// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"

#include <chrono>
#include <optional>
#include <vector>

namespace sallyport {

/// Bytes a second.
struct Rate {
    double received = 0;
    double sent = 0;

    bool operator==(const Rate &) const = default;
};

/// What counters said at a time of a clock that only goes forward.
struct CounterSample {
    std::chrono::milliseconds at{0};
    quint64 receivedBytes = 0;
    quint64 sentBytes = 0;

    bool operator==(const CounterSample &) const = default;
};

/// How much went through a tunnel lately, the oldest first; at most kRates of them.
struct Traffic {
    std::optional<CounterSample> last;
    std::vector<Rate> rates;

    bool operator==(const Traffic &) const = default;
};

inline constexpr std::size_t kRates = 60;

/// Samples come once a second while somebody looks. Counters that went back (a new tunnel) or that nobody read for a
/// while say nothing about a rate: the curve begins anew.
Traffic withSample(Traffic traffic, const CounterSample &sample);

CounterSample homeCounters(const Snapshot &snapshot, std::chrono::milliseconds at);
CounterSample exitCounters(const Snapshot &snapshot, std::chrono::milliseconds at);

/// `12 kB/s ↓  3 kB/s ↑`; empty without a rate.
QString rateLine(const Traffic &traffic);
QString rateText(double bytesPerSecond);

} // namespace sallyport
