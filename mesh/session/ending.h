// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"

#include <QObject>
#include <QSocketNotifier>

namespace sallyport::mesh {

/// SIGTERM and SIGINT as a signal of the loop. Made before anything starts a thread, the bus for one.
class Ending : public QObject {
    Q_OBJECT

public:
    explicit Ending(QObject *parent = nullptr);

Q_SIGNALS:
    void asked();

private:
    FileHandle m_signals;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace sallyport::mesh
