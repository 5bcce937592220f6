// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/proof.h"
#include "core/present/traffic.h"
#include "core/present/tray_model.h"

namespace sallyport {

struct OverviewModel {
    SwitchModel home;
    SwitchModel exit;
    Traffic homeTraffic;
    Traffic exitTraffic;
    std::vector<Tick> ticks;
    QString checked; ///< when the ticks were looked at
    QString sentence;

    bool operator==(const OverviewModel &) const = default;
};

} // namespace sallyport
