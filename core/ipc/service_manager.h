// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>

#include <chrono>
#include <optional>

namespace sallyport {

/// Whoever started this program and wants to be told how it is: the datagrams of sd_notify(3), without its library.
class ServiceManager {
public:
    /// Nobody listens unless NOTIFY_SOCKET is set.
    static ServiceManager fromEnvironment();

    /// `NAME=value` lines. What cannot be said is not repeated: the manager draws its own conclusions from silence.
    void tell(const QByteArray &lines) const;
    /// How long it takes for silence to mean death; nothing if nobody waits for us.
    std::optional<std::chrono::microseconds> patience() const;

private:
    QByteArray m_socket; ///< a path, or `@` and an abstract name
};

} // namespace sallyport
