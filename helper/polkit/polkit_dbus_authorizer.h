// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/polkit/polkit_authorizer.h"

namespace sallyport {

/// Calls CheckAuthorization itself: one watcher and one cancellation id per request.
class PolkitDbusAuthorizer : public PolkitAuthorizer {
    Q_OBJECT

public:
    explicit PolkitDbusAuthorizer(const QDBusConnection &bus, AuthorizationLimits limits = {});

protected:
    void ask(quint64 request, const QString &action, const QString &busName) override;
    void abandon(quint64 request) override;

private:
    void answered(quint64 request, QDBusPendingCallWatcher *call);
};

} // namespace sallyport
