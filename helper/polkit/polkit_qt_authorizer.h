// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/polkit/polkit_authorizer.h"

namespace sallyport {

class PolkitThread;

/// Asks through polkit-qt, in a thread of its own: polkit-qt blocks while it connects, and must not hold up the bus.
class PolkitQtAuthorizer : public PolkitAuthorizer {
    Q_OBJECT

public:
    explicit PolkitQtAuthorizer(const QDBusConnection &bus, AuthorizationLimits limits = {});
    ~PolkitQtAuthorizer() override;

protected:
    void ask(quint64 request, const QString &action, const QString &busName) override;
    void abandon(quint64 request) override;

private:
    std::unique_ptr<PolkitThread> m_thread;
};

} // namespace sallyport
