// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/pin_board.h"

namespace sallyport::probe {

Result<Done> PinBoard::pin(const PublicKey &peer, std::vector<Pin> pins)
{
    if (pins.empty()) {
        unpin(peer);
        return Done{};
    }
    m_pins[peer] = std::move(pins);
    Result<Done> written = write();
    if (!written)
        unpin(peer);
    return written;
}

void PinBoard::unpin(const PublicKey &peer)
{
    if (m_pins.erase(peer) > 0)
        (void)write();
}

Result<Done> PinBoard::settle()
{
    return m_isSettled ? Result<Done>(Done{}) : write();
}

Result<Done> PinBoard::write()
{
    std::vector<Pin> all;
    for (const auto &[peer, pins] : m_pins)
        all.insert(all.end(), pins.begin(), pins.end());
    Result<Done> written = m_port.put(all);
    m_isSettled = bool(written);
    return written;
}

} // namespace sallyport::probe
