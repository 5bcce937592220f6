// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/configuration.h"

#include <QRandomGenerator>

namespace sallyport {

/// Documents that use every field with awkward but valid values. Equal seeds give equal documents.
class RandomDocuments {
public:
    explicit RandomDocuments(quint32 seed) : m_random(seed) {}

    Home home();
    Exit providerExit(int index);
    Configuration configuration();

private:
    bool chance(int percent) { return below(100) < percent; }
    int below(int limit) { return static_cast<int>(m_random.bounded(limit)); }
    QString pick(const QStringList &choices) { return choices.at(below(static_cast<int>(choices.size()))); }
    IpAddress address(Family family);
    IpAddress anyAddress() { return address(chance(60) ? Family::IPv4 : Family::IPv6); }
    Prefix network(int index);
    PublicKey key();
    HostEndpoint endpoint();
    Candidate candidate();
    Device device(int index);
    template<class T, class F>
    std::vector<T> some(int limit, F make)
    {
        std::vector<T> values;
        for (int count = below(limit + 1); count > 0; --count)
            values.push_back(make());
        return values;
    }

    QRandomGenerator m_random;
};

} // namespace sallyport
