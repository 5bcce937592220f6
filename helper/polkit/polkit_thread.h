// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <functional>
#include <memory>
#include <thread>

namespace sallyport {

struct PolkitThreadState;

/// A thread with a GLib main loop in which polkit-qt's authority lives and any number of checks wait at once.
///
/// Authority::checkAuthorizationSync is not used: it cannot be cancelled, and after a failure it writes the shared,
/// unguarded error of the singleton, so two checks that fail together (polkitd stops while two dialogs are open) race
/// on one QString. Its asynchronous signal says neither which check it answers nor that one has failed
/// (polkit-qt 0.200, core/polkitqt1-authority.cpp). The authority and the subject are polkit-qt's; the call is the
/// one that polkit-qt itself makes, with a cancellable and a callback for each check.
class PolkitThread {
public:
    /// Called in the thread.
    using Report = std::function<void(quint64 request, const Result<Done> &result)>;

    explicit PolkitThread(Report report);
    /// Cancels what waits, then joins.
    ~PolkitThread();
    PolkitThread(const PolkitThread &) = delete;
    PolkitThread &operator=(const PolkitThread &) = delete;

    void check(quint64 request, const QString &action, const QString &busName);
    void cancel(quint64 request);

private:
    void post(std::function<void()> task);

    std::unique_ptr<PolkitThreadState> m_state;
    std::thread m_thread;
};

} // namespace sallyport
