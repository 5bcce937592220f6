// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/descriptor.h"

#include <QObject>
#include <QSocketNotifier>

#include <csignal>

namespace sallyport::cli {

/// Ctrl-C and `kill`, as a signal of Qt's kind, for as long as this object lives.
class Interruption : public QObject {
    Q_OBJECT

public:
    explicit Interruption(QObject *parent = nullptr);
    ~Interruption() override;

Q_SIGNALS:
    void arrived();

private:
    sigset_t m_before{};
    Descriptor m_descriptor;
    QSocketNotifier m_notifier;
};

} // namespace sallyport::cli
