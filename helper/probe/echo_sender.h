// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// Echo requests into one interface. Each has a socket that lives as long as it takes to send it and takes nothing in.
class EchoSender : public EchoPort {
public:
    explicit EchoSender(QString link) : m_link(std::move(link)) {}

    Result<Done> send(const IpAddress &to) override;

private:
    QString m_link;
    quint16 m_sequence = 0;
};

} // namespace sallyport::probe
