// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/traffic_memory.h"

namespace sallyport::probe {

using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds kLately = 5s;
constexpr quint64 kLittle = 2048; ///< a handshake and some keepalives
constexpr std::chrono::seconds kBetweenSamples = 1s;
constexpr std::size_t kMostSamples = 7; ///< the oldest is always old enough

quint64 bytesOf(const PeerStats &stats)
{
    return stats.receivedBytes + stats.sentBytes;
}

} // namespace

void TrafficMemory::note(const PeerStats &stats, PathTime now)
{
    std::deque<Sample> &samples = m_samples[stats.publicKey];
    if (!samples.empty() && now - samples.back().time < kBetweenSamples)
        return;
    samples.push_back({now, bytesOf(stats)});
    if (samples.size() > kMostSamples)
        samples.pop_front();
}

bool TrafficMemory::isIdle(const PeerStats &stats, PathTime now) const
{
    const auto known = m_samples.find(stats.publicKey);
    if (known == m_samples.end())
        return false;
    for (auto sample = known->second.rbegin(); sample != known->second.rend(); ++sample) {
        // Smaller than before: the peer was made anew meanwhile, and this tells nothing.
        if (now - sample->time >= kLately)
            return bytesOf(stats) >= sample->bytes && bytesOf(stats) - sample->bytes < kLittle;
    }
    return false;
}

} // namespace sallyport::probe
