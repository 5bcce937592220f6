// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/ipc/service_manager.h"

#include <QTimer>

namespace sallyport::mesh {

/// Lets the service manager end and restart a meshd whose loop no longer turns: soon while devices are being looked after,
/// at rest so rarely that it hardly counts.
class Watchdog : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::seconds kBusy{20};

    /// Does nothing if the manager does not wait for us. At rest its own limit holds, that of the unit.
    explicit Watchdog(ServiceManager manager, QObject *parent = nullptr);

    void setBusy(bool busy);

private:
    void beat();
    void wait(std::chrono::microseconds limit);

    ServiceManager m_manager;
    std::chrono::microseconds m_atRest{0};
    bool m_isBusy = false;
    QTimer m_beat;
};

} // namespace sallyport::mesh
