// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/dns_kernel.h"

namespace sallyport::dns {

Result<ObservedState> DnsKernel::observe()
{
    auto state = m_kernel.observe();
    if (!state)
        return state;
    ObservedDns found = m_dns.observe();
    state->dnsWay = found.way;
    state->dns = std::move(found.links);
    state->dnsRivals = std::move(found.rivals);
    return state;
}

Result<Done> DnsKernel::execute(const Operation &operation)
{
    if (const auto *write = std::get_if<WriteDns>(&operation))
        return m_dns.write(write->dns);
    return m_kernel.execute(operation);
}

} // namespace sallyport::dns
