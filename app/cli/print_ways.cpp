// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/print_ways.h"

#include "app/cli/text.h"
#include "core/wire/path_words.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

double milliseconds(std::chrono::microseconds roundTrip)
{
    return double(roundTrip.count()) / 1000;
}

/// `7 of 8`: answers and questions.
QString answers(const Way &way)
{
    const quint64 asked = quint64(way.successes) + way.failures;
    return asked == 0 ? u"-"_s : u"%1 of %2"_s.arg(way.successes).arg(asked);
}

QStringList row(const Way &way)
{
    const bool isElsewhere = !way.endpoint.isEmpty() && way.endpoint != way.address;
    return {isElsewhere ? u"%1 (%2)"_s.arg(way.address, way.endpoint) : way.address, way.source, way.state,
        way.preference == Preference::None ? u"-"_s : wordOf(way.preference), way.known ? spanOf(*way.known) : u"-"_s,
        way.roundTrip ? roundTripText(*way.roundTrip) : u"-"_s, answers(way), way.reason};
}

QVariantMap mapOf(const Way &way, bool hasLedger)
{
    QVariantMap map{{u"address"_s, way.address}, {u"source"_s, way.source}, {u"state"_s, way.state},
        {u"preference"_s, wordOf(way.preference)}, {u"reason"_s, way.reason}};
    if (!way.endpoint.isEmpty())
        map.insert(u"endpoint"_s, way.endpoint);
    if (way.roundTrip)
        map.insert(u"roundTripMilliseconds"_s, milliseconds(*way.roundTrip));
    if (way.known)
        map.insert(u"ageSeconds"_s, qlonglong(way.known->count()));
    if (way.sinceAnswer)
        map.insert(u"answerAgeSeconds"_s, qlonglong(way.sinceAnswer->count()));
    if (hasLedger) {
        map.insert(u"successes"_s, way.successes);
        map.insert(u"failures"_s, way.failures);
    }
    return map;
}

} // namespace

QStringList wayLines(const Ways &ways)
{
    if (ways.candidates.empty())
        return {};
    std::vector<QStringList> rows
        = {{u"ENDPOINT"_s, u"SOURCE"_s, u"STATE"_s, u"WISH"_s, u"KNOWN"_s, u"ROUND TRIP"_s, u"ANSWERED"_s, u"WHY"_s}};
    for (const Way &way : ways.candidates)
        rows.push_back(row(way));
    return table(rows);
}

QVariantList wayMaps(const Ways &ways)
{
    QVariantList maps;
    for (const Way &way : ways.candidates)
        maps += mapOf(way, ways.hasLedger);
    return maps;
}

void putWays(QVariantMap &peer, const Ways &ways)
{
    peer.insert(u"candidates"_s, wayMaps(ways));
    if (!ways.hasLedger)
        return;
    peer.insert(u"agent"_s, ways.hasAgent);
    peer.insert(u"onLink"_s, ways.isOnLink);
    if (ways.roundTrip)
        peer.insert(u"rttMilliseconds"_s, milliseconds(*ways.roundTrip));
}

} // namespace sallyport::cli
