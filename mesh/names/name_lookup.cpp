// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/name_lookup.h"

#include <algorithm>

namespace sallyport::mesh {

namespace {

/// Nobody answered: it is worth asking again soon.
constexpr std::chrono::seconds kWithoutAnswer{60};

} // namespace

NameLookup::NameLookup(FindServers findServers, QObject *parent)
    : QObject(parent), m_findServers(std::move(findServers))
{
}

void NameLookup::ask(const QString &name)
{
    if (m_running.contains(name) || std::ranges::count(m_waiting, name) > 0 || m_waiting.size() >= kMostWaiting)
        return;
    m_waiting.push_back(name);
    QTimer::singleShot(0, this, &NameLookup::startNext);
}

void NameLookup::startNext()
{
    while (!m_waiting.empty() && m_running.size() < kMostAtOnce) {
        const QString name = m_waiting.front();
        m_waiting.pop_front();
        m_running[name] = {};
        m_findServers(name, [this, name](const std::vector<Endpoint> &servers) { askServers(name, servers); });
    }
}

void NameLookup::askServers(const QString &name, const std::vector<Endpoint> &servers)
{
    Running &running = m_running[name];
    std::vector<DnsExchange *> exchanges;
    for (const Family family : kFamilies) {
        const auto question = questionFor(name, family);
        if (!question || servers.empty())
            continue;
        auto *exchange = new DnsExchange(*question, servers, this);
        connect(exchange, &DnsExchange::ended, this, [this, exchange, name, family](const auto &reply) {
            exchange->deleteLater();
            take(name, family, reply);
        });
        exchanges.push_back(exchange);
    }
    running.open = int(exchanges.size());
    if (exchanges.empty()) {
        m_running.erase(name);
        QTimer::singleShot(0, this, &NameLookup::startNext);
        return tell(name, {});
    }
    for (DnsExchange *exchange : exchanges)
        exchange->start();
}

void NameLookup::take(const QString &name, Family family, const std::optional<DnsReply> &reply)
{
    Running &running = m_running[name];
    if (reply) {
        if (m_known.size() >= kMostKnown)
            m_known.clear();
        m_known[name][family] = reply->addresses;
        running.lifetime = running.hasAnswer ? std::min(running.lifetime, reply->lifetime) : reply->lifetime;
        running.hasAnswer = true;
    }
    const bool isLast = --running.open == 0;
    // The other family may be silent: who waits for an address is not to wait for that.
    if (isLast || (reply && !reply->addresses.empty()))
        tell(name, running);
    if (isLast) {
        m_running.erase(name);
        startNext();
    }
}

void NameLookup::tell(const QString &name, const Running &running)
{
    std::vector<IpAddress> addresses;
    if (const auto known = m_known.find(name); known != m_known.end()) {
        for (const auto &[family, of] : known->second)
            addresses.insert(addresses.end(), of.begin(), of.end());
    }
    if (addresses.size() > kMostAddresses)
        addresses.resize(kMostAddresses);
    Q_EMIT resolved(name, addresses, running.hasAnswer ? running.lifetime : kWithoutAnswer);
}

} // namespace sallyport::mesh
