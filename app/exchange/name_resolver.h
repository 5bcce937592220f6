// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QHash>
#include <QObject>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

class QSocketNotifier;

namespace sallyport {

/// Host names and their addresses, sorted; a name that could not be resolved in time is absent.
using ResolvedNames = QHash<QString, std::vector<IpAddress>>;

/// Looks names up with the system's resolver, in a few threads, since getaddrinfo only blocks. A thread that still waits
/// when the time is over is left alone: it shares nothing with this object.
class NameResolver : public QObject {
    Q_OBJECT

public:
    using Reply = std::function<void(const ResolvedNames &)>;

    explicit NameResolver(std::chrono::milliseconds limit, QObject *parent = nullptr);
    ~NameResolver() override;

    /// `reply` comes once, from the event loop. One lookup at a time.
    void resolve(const QStringList &names, Reply reply);

private:
    struct Job;
    void collect(bool timeIsOver);

    std::shared_ptr<Job> m_job;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_deadline;
    Reply m_reply;
};

} // namespace sallyport
