// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QDBusConnection>

#include <functional>
#include <memory>

namespace sallyport {

/// What somebody may be asked to prove. What is not named here is not allowed to anybody.
enum class Action { Configure, Toggle, Lockdown };

/// The polkit action: `org.sallyport.configure` and so on (resources/polkit/org.sallyport.policy).
QString actionId(Action action);

/// Decides whether the owner of a bus name may do something. Main thread only.
class Authorizer {
public:
    /// Called on the main thread, after authorize() has returned, exactly once; never if the caller has left the bus
    /// or the authorizer is gone. Errors: NotAuthorized, AuthorizationUnavailable, LimitExceeded, TimedOut.
    using Answer = std::function<void(Result<Done>)>;

    virtual ~Authorizer() = default;
    /// `busName` is the caller's unique name (`:1.42`): it cannot be taken over by another process.
    virtual void authorize(Action action, const QString &busName, Answer answer) = 0;
};

/// The one that asks polkit on `bus`: through polkit-qt where this was built with it, else over plain D-Bus.
std::unique_ptr<Authorizer> polkitAuthorizer(const QDBusConnection &bus);

} // namespace sallyport
