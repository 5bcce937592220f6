// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_site.h"

#include <algorithm>

namespace sallyport::sim {

namespace {

constexpr Time kMappingLife{180'000'000};

} // namespace

quint16 Nat::portFor(const Endpoint &inside)
{
    const auto found = m_ports.find(inside);
    if (found != m_ports.end())
        return found->second;
    const auto isTaken = [&](quint16 port) {
        return m_forwards.contains(port)
            || std::ranges::any_of(m_ports, [&](const auto &each) { return each.second == port; });
    };
    const auto own = std::ranges::find(m_forwards, inside, &decltype(m_forwards)::value_type::second);
    quint16 port = own != m_forwards.end() ? own->first : inside.port;
    while (own == m_forwards.end() && isTaken(port))
        ++port;
    m_ports[inside] = port;
    return port;
}

std::optional<Endpoint> Nat::inside(quint16 port, const Endpoint &remote, Time now) const
{
    if (const auto forwarded = m_forwards.find(port); forwarded != m_forwards.end())
        return forwarded->second;
    const auto written = m_written.find({port, remote});
    if (written == m_written.end() || written->second + kMappingLife < now)
        return {};
    const auto found = std::ranges::find(m_ports, port, &decltype(m_ports)::value_type::second);
    return found == m_ports.end() ? std::nullopt : std::optional(found->first);
}

void Nat::forget()
{
    m_ports.clear();
    m_written.clear();
}

} // namespace sallyport::sim
