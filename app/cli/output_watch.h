// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/descriptor.h"

#include <QObject>
#include <QSocketNotifier>

namespace sallyport::cli {

/// Tells when nobody reads standard output any longer: its pipe was closed, its terminal hung up. Never for a file.
class OutputWatch : public QObject {
    Q_OBJECT

public:
    explicit OutputWatch(QObject *parent = nullptr);

Q_SIGNALS:
    void closed(); ///< once

private:
    Descriptor m_descriptor;
    QSocketNotifier m_notifier;
};

} // namespace sallyport::cli
