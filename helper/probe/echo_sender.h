// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/handle.h"
#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// Echo requests into one interface. Its sockets take nothing in: a locked filter refuses whatever arrives.
class EchoSender : public EchoPort {
public:
    explicit EchoSender(QString link) : m_link(std::move(link)) {}

    Result<Done> send(const IpAddress &to) override;

private:
    Result<Done> open(Family family, FileHandle &socket) const;

    QString m_link;
    quint16 m_sequence = 0;
};

} // namespace sallyport::probe
