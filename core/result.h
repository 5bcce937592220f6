// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <utility>
#include <variant>

namespace sallyport {

/// Every way in which something can be refused. Closed: each value has one D-Bus error name
/// (core/wire/error_names.h) and one sentence.
enum class Errc {
    InvalidArgument, ///< a value from outside is malformed; `place` says where
    UnsupportedRequirement, ///< `requires` names something this version cannot do
    LimitExceeded, ///< too large, too many, too deep
    NotAuthorized,
    AuthorizationUnavailable, ///< polkit does not answer
    NotConfigured, ///< the switch needs a configuration (or secret) that is not there
    UnknownName, ///< no exit or device of that name
    NameTaken, ///< the interface name belongs to somebody else
    FeatureMissing, ///< the system lacks WireGuard, nftables or /dev/net/tun
    KernelRefused, ///< the kernel answered with an errno
    StorageFailed, ///< disk full, read-only or damaged state
    Superseded, ///< a newer request was accepted meanwhile
    HelperUnavailable,
    TimedOut,
    Internal,
};

/// An expected failure. `place` is a path such as `home.devices[2].publicKey` or a file position; may be empty.
/// `detail` is one English sentence without a final line break.
struct Error {
    Errc code = Errc::Internal;
    QString detail;
    QString place;

    bool operator==(const Error &) const = default;
};

/// A value or the reason why there is none. C++20 has no std::expected.
template<class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_value(std::move(value)) {}
    Result(Error error) : m_error(std::move(error)) {}

    explicit operator bool() const noexcept { return m_value.has_value(); }
    T &operator*() & { return *m_value; }
    const T &operator*() const & { return *m_value; }
    T &&operator*() && { return *std::move(m_value); }
    T *operator->() { return &*m_value; }
    const T *operator->() const { return &*m_value; }
    const Error &error() const { return m_error; }

private:
    // Not a variant: the static analyser takes its alternatives for uninitialised.
    std::optional<T> m_value;
    Error m_error; ///< meaningful without a value
};

/// The value of a Result that only says that something worked.
struct Done {
    bool operator==(const Done &) const = default;
};

/// A visitor made of lambdas, so that a new variant alternative does not compile until it is handled.
template<class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template<class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

} // namespace sallyport
