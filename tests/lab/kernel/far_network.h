// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"
#include "helper/handle.h"

#include <QString>

namespace sallyport::test {

/// A second machine, as a network namespace with one cable to this one: `near0` here, `far0` there, with IPv4, IPv6 and
/// link-local addresses that can be used at once.
class FarNetwork {
public:
    /// Sockets that are opened while it lives belong to the far machine.
    class Visit {
    public:
        explicit Visit(const FarNetwork &network);
        ~Visit();
        Visit(const Visit &) = delete;
        Visit &operator=(const Visit &) = delete;

    private:
        FileHandle m_before;
    };

    FarNetwork();

    /// Runs there and has to end well.
    QByteArray run(const QString &command, const QByteArray &input = {}) const;

    IpAddress near(Family family) const;
    IpAddress far(Family family) const;
    IpAddress nearLinkLocal() const;
    IpAddress farLinkLocal() const;
    quint32 nearIndex() const;
    quint32 farIndex() const;

private:
    FileHandle m_namespace;
};

} // namespace sallyport::test
