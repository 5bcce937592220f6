// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "mesh/names/dns_exchange.h"
#include "mesh/names/name_servers.h"

#include <deque>
#include <map>

namespace sallyport::mesh {

/// The addresses of names. Both families are asked apart, and what one of them does not say takes nothing from the
/// other: who does not answer leaves what was known.
class NameLookup : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kMostAtOnce = 4;
    static constexpr std::size_t kMostWaiting = 1024;
    static constexpr std::size_t kMostKnown = 4096;

    using FindServers = std::function<void(const QString &name, const NameServers::Found &found)>;

    explicit NameLookup(FindServers findServers, QObject *parent = nullptr);

    /// Answered by resolved() as soon as a family is known, and when both are or cannot be. Asking again meanwhile changes
    /// nothing.
    void ask(const QString &name);

Q_SIGNALS:
    void resolved(
        const QString &name, const std::vector<sallyport::IpAddress> &addresses, std::chrono::seconds lifetime);

private:
    /// Of one name, by family.
    using Answers = std::map<Family, std::vector<IpAddress>>;
    struct Running {
        int open = 0; ///< families
        bool hasAnswer = false;
        std::chrono::seconds lifetime{0};
    };

    void startNext();
    void askServers(const QString &name, const std::vector<Endpoint> &servers);
    void take(const QString &name, Family family, const std::optional<DnsReply> &reply);
    void tell(const QString &name, const Running &running);

    FindServers m_findServers;
    std::deque<QString> m_waiting;
    std::map<QString, Running> m_running;
    std::map<QString, Answers> m_known;
};

} // namespace sallyport::mesh
