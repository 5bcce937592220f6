// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/store.h"
#include "core/present/activity.h"
#include "core/present/picture.h"
#include "core/present/traffic.h"

#include <QElapsedTimer>

namespace sallyport {

/// Remembers what went by while the application runs: what changed, the picture of the last 24 hours, and the
/// traffic of the last minute.
class Chronicle : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t kMostEntries = 1000;

    explicit Chronicle(Store &store, QObject *parent = nullptr);

    const std::vector<ActivityEntry> &entries() const { return m_entries; }
    const Traffic &homeTraffic() const { return m_home; }
    const Traffic &exitTraffic() const { return m_exit; }
    const std::vector<PictureMoment> &moments() const { return m_moments; }
    const QDateTime &lastLook() const { return m_lastLook; } ///< when the newest snapshot came

Q_SIGNALS:
    void happened(const std::vector<sallyport::Change> &changes);

private:
    void follow();
    void followSnapshot();
    void record(const std::vector<Change> &changes);

    Store &m_store;
    Link m_link;
    std::optional<Snapshot> m_snapshot;
    std::vector<ActivityEntry> m_entries;
    std::vector<PictureMoment> m_moments;
    Traffic m_home;
    Traffic m_exit;
    QDateTime m_lastLook;
    QElapsedTimer m_clock;
};

} // namespace sallyport
