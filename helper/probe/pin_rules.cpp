// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/pin_rules.h"

#include "core/constants.h"

namespace sallyport::probe {

Result<Done> PinRules::put(const std::vector<Pin> &pins)
{
    if (!pins.empty())
        return m_tables.replace(pinTable(pins));
    const QString name = QLatin1StringView(kPinTable);
    const auto present = m_tables.observe({name});
    if (!present)
        return present.error();
    // One without our comment is somebody else's.
    const bool isOurs = !present->empty() && !present->front().version.isEmpty();
    return isOurs ? m_tables.remove(name) : Result<Done>(Done{});
}

} // namespace sallyport::probe
