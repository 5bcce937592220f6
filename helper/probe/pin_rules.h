// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/nft/tables.h"
#include "helper/probe/move_ports.h"

namespace sallyport::probe {

/// Pins as the nftables table `inet sallyport_pin`.
class PinRules : public PinPort {
public:
    explicit PinRules(nft::Tables &tables) : m_tables(tables) {}

    Result<Done> put(const std::vector<Pin> &pins) override;

private:
    nft::Tables &m_tables;
};

} // namespace sallyport::probe
