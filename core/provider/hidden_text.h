// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>

#include <sodium.h>
#include <utility>

namespace sallyport {

/// An account number or a token. Not a key, but nobody's business: no stream operator, no conversion, wiped when the last
/// copy goes. What needs it says reveal().
class HiddenText {
public:
    HiddenText() = default;
    explicit HiddenText(QByteArray text) : m_text(std::move(text)) {}
    HiddenText(const HiddenText &) = default;
    HiddenText(HiddenText &&other) noexcept : m_text(std::exchange(other.m_text, {})) {}
    HiddenText &operator=(HiddenText other) noexcept
    {
        m_text.swap(other.m_text);
        return *this;
    }
    ~HiddenText()
    {
        if (!m_text.isEmpty() && m_text.isDetached())
            sodium_memzero(m_text.data(), static_cast<std::size_t>(m_text.size()));
    }

    bool isEmpty() const { return m_text.isEmpty(); }
    const QByteArray &reveal() const { return m_text; }
    bool operator==(const HiddenText &) const = default;

private:
    QByteArray m_text;
};

} // namespace sallyport
