// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "core/present/link.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <vector>

namespace sallyport {

class HelperClient;

/// What a front end knows, in one place: the newest snapshot, and how it stands with the helper. A request never changes
/// the snapshot; only the helper does.
class Store : public QObject {
    Q_OBJECT

public:
    explicit Store(HelperClient &client, QObject *parent = nullptr);

    /// Asks for the first snapshot; starts the helper if it has to.
    void start();
    void request(const IntentChange &change);
    void dismissRefusal();
    /// Of a request that did not go through the store.
    void showRefusal(const Error &error);

    /// Meaningful while link().state is Connected.
    const Snapshot &snapshot() const { return m_snapshot; }
    const Link &link() const { return m_link; }

Q_SIGNALS:
    void changed();

private:
    struct Request {
        quint64 number = 0;
        IntentChange change;
    };

    void fetch();
    void fetched(const Result<Snapshot> &answer);
    void accept(const Snapshot &snapshot);
    void answered(quint64 number, const Result<Done> &answer);
    void helperChanged(bool available);
    Link::State stateAfter(const Error &error) const;
    std::chrono::seconds delayAfterLoss();
    void updatePending();

    HelperClient &m_client;
    Snapshot m_snapshot;
    Link m_link;
    std::vector<Request> m_requests; ///< not answered yet, oldest first
    quint64 m_lastNumber = 0;
    IntentChange m_refused; ///< what m_link.refusal was the answer to
    bool m_isFirst = true; ///< of this helper: its revisions start anew
    bool m_wasConnected = false;
    QTimer m_retry;
    QElapsedTimer m_sinceLoss;
    std::chrono::seconds m_delay{1};
};

} // namespace sallyport
