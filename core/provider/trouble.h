// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QByteArrayView>

#include <chrono>

/// What goes wrong between us and a provider. Nothing here ever holds an account number, a token or a key.
namespace sallyport {

enum class ProviderTrouble : quint8 {
    NotAllowed, ///< the person switched this host off
    Down, ///< no network, no such name, connection refused, 5xx
    Slow, ///< no whole answer in time
    Unreadable, ///< an answer that is none: not JSON, too large, a redirection, a wrong digest
    RateLimited,
    ClockWrong, ///< a certificate that is not valid at the time this computer shows
    CertificateWrong,
    WrongAccount,
    AccountExpired,
    DeviceLimit, ///< the account has as many devices as it may
    DeviceGone,
    KeyInUse,
    TokenInvalid,
    SecondFactor, ///< a code of the second factor is needed or was wrong
    Captcha, ///< the provider wants a person to prove to be one
    NotThere, ///< 404: this form of the list does not exist
    Refused, ///< anything else; `detail` has the provider's code
};

struct ProviderError {
    ProviderTrouble trouble = ProviderTrouble::Refused;
    QString detail; ///< a code or a place, for details; in English
    std::chrono::seconds retryAfter{0}; ///< 0: not said

    ProviderError() = default;
    ProviderError(ProviderTrouble what, QString why = {}, std::chrono::seconds wait = {})
        : trouble(what), detail(std::move(why)), retryAfter(wait)
    {
    }
    explicit ProviderError(const Error &unreadable);

    bool operator==(const ProviderError &) const = default;
};

/// For the person: what happened, then what to do.
QString sentenceOf(const ProviderError &error, const QString &provider);

/// `Retry-After: 120` or an HTTP date; at most a day, 0 if it says nothing usable.
std::chrono::seconds retryAfter(QByteArrayView header, qint64 nowSeconds);

struct HttpAnswer {
    int status = 0;
    QByteArrayView body;
    std::chrono::seconds retryAfter{0};
};

/// Why Mullvad refused: by its `code`, else by the status.
ProviderError mullvadRefusal(const HttpAnswer &answer);
/// Why IVPN refused: by the `status` inside its answer, else by that of HTTP.
ProviderError ivpnRefusal(const HttpAnswer &answer);

} // namespace sallyport
