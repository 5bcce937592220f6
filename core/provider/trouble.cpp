// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/trouble.h"

#include "core/present/words.h"
#include "core/wire/json.h"
#include "core/wire/map_reader.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kLongestWait{24 * 3600};
constexpr qsizetype kLongestCode = 64;

struct Coded {
    QLatin1StringView code;
    ProviderTrouble trouble = ProviderTrouble::Refused;
};

constexpr std::array kMullvadCodes = {
    Coded{"MAX_DEVICES_REACHED"_L1, ProviderTrouble::DeviceLimit},
    Coded{"PUBKEY_IN_USE"_L1, ProviderTrouble::KeyInUse},
    Coded{"INVALID_ACCOUNT"_L1, ProviderTrouble::WrongAccount},
    Coded{"DEVICE_NOT_FOUND"_L1, ProviderTrouble::DeviceGone},
    Coded{"INVALID_ACCESS_TOKEN"_L1, ProviderTrouble::TokenInvalid},
};

struct Numbered {
    quint64 status = 0;
    ProviderTrouble trouble = ProviderTrouble::Refused;
};

constexpr std::array kIvpnStatuses = {
    Numbered{401, ProviderTrouble::WrongAccount},
    Numbered{424, ProviderTrouble::DeviceGone},
    Numbered{601, ProviderTrouble::TokenInvalid},
    Numbered{602, ProviderTrouble::DeviceLimit},
    Numbered{702, ProviderTrouble::AccountExpired},
    Numbered{70001, ProviderTrouble::Captcha},
    Numbered{70002, ProviderTrouble::Captcha},
    Numbered{70011, ProviderTrouble::SecondFactor},
    Numbered{70012, ProviderTrouble::SecondFactor},
};

QString printable(QString code)
{
    code.removeIf([](QChar c) { return !c.isPrint(); });
    return code.left(kLongestCode);
}

ProviderError byStatus(const HttpAnswer &answer)
{
    const QString detail = u"HTTP %1"_s.arg(answer.status);
    if (answer.status == 429)
        return {ProviderTrouble::RateLimited, detail, answer.retryAfter};
    if (answer.status >= 500)
        return {ProviderTrouble::Down, detail, answer.retryAfter};
    if (answer.status == 404)
        return {ProviderTrouble::NotThere, detail};
    if (answer.status == 401)
        return {ProviderTrouble::TokenInvalid, detail};
    if (answer.status >= 300 && answer.status < 400)
        return {ProviderTrouble::Unreadable, u"a redirection (%1), which is not followed"_s.arg(detail)};
    return {ProviderTrouble::Refused, detail};
}

/// With a place for the provider's name.
QString templateOf(ProviderTrouble trouble)
{
    switch (trouble) {
    case ProviderTrouble::NotAllowed:
        return Words::tr("You switched off contact with %1. Switch it on in Settings, under Network contacts.");
    case ProviderTrouble::Down:
        return Words::tr("%1 cannot be reached. Check the network, or try again later.");
    case ProviderTrouble::Slow:
        return Words::tr("%1 did not answer in time. Try again later.");
    case ProviderTrouble::Unreadable:
        return Words::tr("%1 answered something that makes no sense. Nothing was changed; try again later.");
    case ProviderTrouble::RateLimited:
        return Words::tr("%1 wants no more questions for now. Try again in a few minutes.");
    case ProviderTrouble::ClockWrong:
        return Words::tr("The clock of this computer does not fit the certificate of %1. Check date and time, then try "
                         "again.");
    case ProviderTrouble::CertificateWrong:
        return Words::tr(
            "Whoever answered is not %1: its certificate is wrong. Nothing was sent. Try another network.");
    case ProviderTrouble::WrongAccount:
        return Words::tr("%1 does not know this account number. Check each digit.");
    case ProviderTrouble::AccountExpired:
        return Words::tr("The time of this account is used up. Add time on the website of %1, then try again.");
    case ProviderTrouble::DeviceLimit:
        return Words::tr("This account has as many devices as %1 allows. Choose one to replace.");
    case ProviderTrouble::DeviceGone:
        return Words::tr("%1 no longer knows this device. Log in again to register it anew.");
    case ProviderTrouble::KeyInUse:
        return Words::tr("Another device at %1 uses this key already. Try again; a new key is made.");
    case ProviderTrouble::TokenInvalid:
        return Words::tr("%1 has ended this session. Log in again.");
    case ProviderTrouble::SecondFactor:
        return Words::tr("%1 asks for the code of your second factor. Type it in and try again.");
    case ProviderTrouble::Captcha:
        return Words::tr(
            "%1 wants to see that you are a person. Log in on its website and import the file it gives you.");
    case ProviderTrouble::NotThere:
    case ProviderTrouble::Refused:
        return Words::tr("%1 refused this. Try again later.");
    }
    Q_UNREACHABLE();
}

} // namespace

ProviderError::ProviderError(const Error &unreadable)
    : trouble(ProviderTrouble::Unreadable),
      detail(unreadable.place.isEmpty() ? unreadable.detail : QString(unreadable.place + u": "_s + unreadable.detail))
{
}

QString sentenceOf(const ProviderError &error, const QString &provider)
{
    const auto minutes = static_cast<int>((error.retryAfter.count() + 59) / 60);
    if (error.trouble == ProviderTrouble::RateLimited && minutes > 0)
        return Words::tr("%1 wants no more questions for now. Try again in %2 min.").arg(provider).arg(minutes);
    return templateOf(error.trouble).arg(provider);
}

std::chrono::seconds retryAfter(QByteArrayView header, qint64 nowSeconds)
{
    bool isNumber = false;
    const QByteArray text = header.first(std::min<qsizetype>(header.size(), 64)).trimmed().toByteArray();
    qint64 wait = text.toLongLong(&isNumber);
    if (!isNumber) {
        // RFC 9110 5.6.7; Qt's reader of RFC 2822 knows no "GMT".
        QDateTime until = QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        until.setTimeSpec(Qt::UTC);
        wait = until.isValid() ? until.toSecsSinceEpoch() - nowSeconds : 0;
    }
    return std::clamp(std::chrono::seconds(wait), std::chrono::seconds(0), kLongestWait);
}

ProviderError mullvadRefusal(const HttpAnswer &answer)
{
    const Result<QVariantMap> map = readJson(answer.body);
    if (!map || answer.status == 429)
        return byStatus(answer);
    const QString code = printable(map->value(u"code"_s).toString());
    const auto *const known = std::ranges::find(kMullvadCodes, code, &Coded::code);
    if (known != kMullvadCodes.end())
        return {known->trouble, code};
    const ProviderError error = byStatus(answer);
    return code.isEmpty() || error.trouble != ProviderTrouble::Refused ? error
                                                                       : ProviderError(ProviderTrouble::Refused, code);
}

ProviderError ivpnRefusal(const HttpAnswer &answer)
{
    const Result<QVariantMap> map = readJson(answer.body);
    if (!map || answer.status == 429)
        return byStatus(answer);
    Findings findings;
    const quint64 status = MapReader(*map, {}, findings).integer("status", 0, 999'999, 0);
    const auto *const known = std::ranges::find(kIvpnStatuses, status, &Numbered::status);
    if (known != kIvpnStatuses.end())
        return {known->trouble, u"status %1"_s.arg(status)};
    return status == 0 || status == 200 ? byStatus(answer)
                                        : ProviderError(ProviderTrouble::Refused, u"status %1"_s.arg(status));
}

} // namespace sallyport
