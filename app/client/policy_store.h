// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"

namespace sallyport {

/// What holds whatever is switched on. Part of the configuration: to change it, the newest one is read and given back.
class PolicyStore : public QObject {
    Q_OBJECT

public:
    explicit PolicyStore(HelperClient &client, QObject *parent = nullptr);

    /// Devices of the local network stay reachable while Exit is on. None: nobody has told yet.
    std::optional<bool> allowLan() const { return m_allowLan; }
    bool isPending() const { return m_isPending; }
    void refresh();
    void setAllowLan(bool on);

Q_SIGNALS:
    void changed();
    void refused(const sallyport::Error &error);

private:
    void apply(const Result<Configuration> &present, bool allowLan);
    void finish(const Result<Done> &answer);

    HelperClient &m_client;
    std::optional<bool> m_allowLan;
    bool m_isPending = false;
};

} // namespace sallyport
