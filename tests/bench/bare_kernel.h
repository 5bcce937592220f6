// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/operation.h"
#include "tests/bench/request.h"

#include <map>

struct nft_ctx;

namespace sallyport::bench {

/// Sends for each operation the messages that the kernel needs and nothing else: no look-ups beforehand, no reading
/// back, no journal. Returns zero or an errno. Files that are not the kernel's are not written.
class BareKernel {
public:
    explicit BareKernel(std::map<QString, SecretKey> keys);
    ~BareKernel();
    BareKernel(const BareKernel &) = delete;
    BareKernel &operator=(const BareKernel &) = delete;

    int execute(const Operation &operation);

private:
    int createLink(const char *name);
    int deleteLink(const char *name);
    int setUp(const char *name);
    int setMtu(const char *name, quint32 mtu);
    int configure(const ConfigureWireGuard &change);
    int changeAddress(std::uint16_t type, const QString &link, const InterfaceAddress &address);
    int changeRoute(std::uint16_t type, std::uint16_t flags, const Route &route);
    int changeRule(std::uint16_t type, std::uint16_t flags, const Rule &rule);
    int runNft(const QByteArray &text);
    int writeSetting(const Setting &setting);
    int restoreSetting(const QString &path);

    std::map<QString, SecretKey> m_keys;
    std::map<QString, QByteArray> m_before;
    Channel m_route;
    Channel m_generic;
    std::uint16_t m_wireguard = 0;
    nft_ctx *m_nft;
};

} // namespace sallyport::bench
