// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ports/kernel.h"
#include "helper/dns/system_dns.h"

namespace sallyport::dns {

/// A kernel that also knows the system's resolver.
class DnsKernel : public Kernel {
public:
    DnsKernel(Kernel &kernel, SystemDns &dns) : m_kernel(kernel), m_dns(dns) {}

    Result<ObservedState> observe() override;
    Result<Done> execute(const Operation &operation) override;

private:
    Kernel &m_kernel;
    SystemDns &m_dns;
};

} // namespace sallyport::dns
