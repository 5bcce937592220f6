// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/traffic.h"

#include "core/present/words.h"

#include <QLocale>

namespace sallyport {

using namespace std::chrono_literals;

namespace {

constexpr auto kShortest = 200ms; ///< two snapshots of one change; dividing by less makes needles
constexpr auto kLongest = 5000ms;

bool continues(const CounterSample &before, const CounterSample &now)
{
    return now.receivedBytes >= before.receivedBytes && now.sentBytes >= before.sentBytes
        && now.at - before.at <= kLongest;
}

} // namespace

Traffic withSample(Traffic traffic, const CounterSample &sample)
{
    if (!traffic.last || !continues(*traffic.last, sample)) {
        traffic.rates.clear();
        traffic.last = sample;
        return traffic;
    }
    const auto passed = sample.at - traffic.last->at;
    if (passed < kShortest)
        return traffic;
    const double seconds = std::chrono::duration<double>(passed).count();
    traffic.rates.push_back({double(sample.receivedBytes - traffic.last->receivedBytes) / seconds,
        double(sample.sentBytes - traffic.last->sentBytes) / seconds});
    if (traffic.rates.size() > kRates)
        traffic.rates.erase(traffic.rates.begin());
    traffic.last = sample;
    return traffic;
}

CounterSample homeCounters(const Snapshot &snapshot, std::chrono::milliseconds at)
{
    CounterSample sample{at};
    for (const PeerSnapshot &peer : snapshot.home.peers) {
        sample.receivedBytes += peer.activity.receivedBytes;
        sample.sentBytes += peer.activity.sentBytes;
    }
    return sample;
}

CounterSample exitCounters(const Snapshot &snapshot, std::chrono::milliseconds at)
{
    return {at, snapshot.exit.activity.receivedBytes, snapshot.exit.activity.sentBytes};
}

QString rateText(double bytesPerSecond)
{
    const auto bytes = static_cast<qint64>(bytesPerSecond);
    //: %1 is an amount of data, such as 1.2 MB; per second
    return Words::tr("%1/s").arg(
        QLocale().formattedDataSize(bytes, bytes < 10'000'000 ? 0 : 1, QLocale::DataSizeSIFormat));
}

QString rateLine(const Traffic &traffic)
{
    if (traffic.rates.empty())
        return {};
    const Rate &now = traffic.rates.back();
    //: %1 is what comes in, %2 what goes out, such as 12 kB/s
    return Words::tr("↓ %1   ↑ %2").arg(rateText(now.received), rateText(now.sent));
}

} // namespace sallyport
