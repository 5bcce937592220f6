// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/trouble.h"

#include <functional>
#include <optional>
#include <utility>

namespace sallyport {

/// What a provider answered, or why it did not. Result's errors are those of the helper; these are others.
template<class T>
class [[nodiscard]] Outcome {
public:
    Outcome(T value) : m_value(std::move(value)) {}
    Outcome(ProviderError error) : m_error(std::move(error)) {}
    /// An answer that could not be read.
    Outcome(const Error &unreadable) : m_error{unreadable} {}

    explicit operator bool() const noexcept { return m_value.has_value(); }
    T &operator*() & { return *m_value; }
    const T &operator*() const & { return *m_value; }
    T *operator->() { return &*m_value; }
    const T *operator->() const { return &*m_value; }
    const ProviderError &error() const { return m_error; }

private:
    std::optional<T> m_value;
    ProviderError m_error; ///< meaningful without a value
};

template<class T>
Outcome<T> outcomeOf(Result<T> read)
{
    if (read)
        return std::move(*read);
    return read.error();
}

/// Called exactly once, from the event loop.
template<class T>
using Answer = std::function<void(const Outcome<T> &)>;

} // namespace sallyport
