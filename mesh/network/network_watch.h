// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "mesh/network/network_reader.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

namespace sallyport::mesh {

/// Where the machine stands, told whenever it stands elsewhere. The first event of a burst is acted on at once, what
/// follows is collected, and one second after the last everything is read again.
class NetworkWatch : public QObject {
    Q_OBJECT

public:
    explicit NetworkWatch(QObject *parent = nullptr);

    /// Tells the first time, too.
    Result<Done> start();
    /// After a sleep: what happened meanwhile was announced to nobody.
    void lookAgain();
    const std::vector<PathNetwork> &networks() const { return m_networks; }

Q_SIGNALS:
    void changed(const std::vector<sallyport::PathNetwork> &networks);

private:
    Result<Done> subscribe();
    void drain();
    void heardSomething();
    void look();
    void listenToNeighbours(bool listen);

    FileHandle m_events;
    RouteQuestions m_questions;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::vector<quint8> m_buffer;
    std::vector<PathNetwork> m_networks;
    QTimer m_collecting; ///< runs while events are not acted on one by one
    QTimer m_settled;
    bool m_heardMore = false;
    bool m_hasLooked = false;
    bool m_hearsNeighbours = false;
};

} // namespace sallyport::mesh
