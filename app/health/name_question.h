// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QStringList>

#include <chrono>
#include <vector>

namespace sallyport {

/// What one name server said to a question that every name server can answer.
struct NameServerAnswer {
    enum class Kind {
        Answered,
        Failed, ///< it answered that it could not find out
        Refused, ///< somebody on the way, or the guard, said no
        Silent,
    };

    QString server;
    Kind kind = Kind::Silent;
    std::chrono::milliseconds took{};

    bool operator==(const NameServerAnswer &) const = default;
};

/// Asks the servers in the `nameserver` lines of a resolv.conf for the servers of the root, one after the other until
/// one has answered, as the C library would; at most three, each for two seconds. The question tells nobody anything.
std::vector<NameServerAnswer> askNameServers(const QString &resolvConf);

/// Where the C library sends questions.
QStringList nameServersIn(const QString &resolvConf);

} // namespace sallyport
