// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/support/private_bus.h"

namespace sallyport::test {

/// Why the real polkitd cannot be tested with; empty if it can.
QString polkitDaemonObstacle();

/// The real polkitd on a private bus, in a mount namespace in which exactly our policy file is installed, root is the
/// only administrator, and the session files of logind and the control group of the test's process say what the test wants.
class PolkitDaemon {
public:
    enum class Presence {
        Elsewhere, ///< no session: like a service, or SSH without logind
        Active, ///< sits at the machine
        Inactive, ///< has a session at the machine, but another one is in front
    };
    static constexpr char kSession[] = "c1"; ///< of every caller, unless elsewhere

    PolkitDaemon(const PrivateBus &bus, Presence somebody);
    ~PolkitDaemon();
    PolkitDaemon(const PolkitDaemon &) = delete;
    PolkitDaemon &operator=(const PolkitDaemon &) = delete;
    void kill();

private:
    QTemporaryDir m_root;
    QProcess m_daemon;
};

} // namespace sallyport::test
