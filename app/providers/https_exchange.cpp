// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/https_exchange.h"

#include <QDateTime>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestEtag = 256;

bool isAboutTime(const QSslError &error)
{
    return error.error() == QSslError::CertificateExpired || error.error() == QSslError::CertificateNotYetValid;
}

/// Qt counts answers of 400 and more among its errors, from 201 and from 401 on, and 302 is HTTP's 400; they are answers all
/// the same.
bool isTransport(QNetworkReply::NetworkError error)
{
    const auto number = static_cast<int>(error);
    return (number > 0 && number < 200) || error == QNetworkReply::ProtocolUnknownError
        || error == QNetworkReply::ProtocolFailure;
}

} // namespace

HttpsExchange::HttpsExchange(QNetworkReply *reply, const Limits &limits, QObject *context, Answer<HttpsReply> answer)
    : QObject(reply), m_reply(reply), m_limits(limits), m_context(context), m_answer(std::move(answer))
{
    connect(reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) { m_tlsErrors += errors; });
    connect(reply, &QNetworkReply::readyRead, this, &HttpsExchange::read);
    connect(reply, &QNetworkReply::finished, this, &HttpsExchange::finish);
    if (context)
        connect(context, &QObject::destroyed, reply, &QNetworkReply::abort);
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] {
        m_isLate = true;
        m_reply->abort();
    });
    m_deadline.start(limits.time);
}

/// What is too large is not read to its end.
void HttpsExchange::read()
{
    m_body += m_reply->read(m_limits.bytes + 1 - m_body.size());
    if (m_body.size() <= m_limits.bytes)
        return;
    m_isTooLarge = true;
    m_reply->abort();
}

void HttpsExchange::finish()
{
    m_deadline.stop();
    if (!m_isLate && !m_isTooLarge && m_reply->isOpen())
        m_body += m_reply->read(m_limits.bytes + 1 - m_body.size());
    m_isTooLarge = m_isTooLarge || m_body.size() > m_limits.bytes;
    const Outcome<HttpsReply> result = outcome();
    m_reply->deleteLater();
    if (m_context)
        m_answer(result);
}

Outcome<HttpsReply> HttpsExchange::outcome() const
{
    if (m_isTooLarge)
        return ProviderError(ProviderTrouble::Unreadable, u"an answer of more than %1 bytes"_s.arg(m_limits.bytes));
    if (m_isLate)
        return ProviderError(ProviderTrouble::Slow);
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || isTransport(m_reply->error()))
        return transportError();
    HttpsReply reply;
    reply.status = status;
    reply.body = m_body;
    reply.etag = m_reply->rawHeader("ETag").left(kLongestEtag);
    reply.retryAfter = retryAfter(m_reply->rawHeader("Retry-After"), QDateTime::currentSecsSinceEpoch());
    return reply;
}

ProviderError HttpsExchange::transportError() const
{
    if (!m_tlsErrors.isEmpty()) {
        const bool isClock = std::ranges::all_of(m_tlsErrors, isAboutTime);
        return {isClock ? ProviderTrouble::ClockWrong : ProviderTrouble::CertificateWrong,
            m_tlsErrors.first().errorString()};
    }
    if (m_reply->error() == QNetworkReply::TimeoutError)
        return {ProviderTrouble::Slow};
    return {ProviderTrouble::Down, u"network error %1"_s.arg(static_cast<int>(m_reply->error()))};
}

} // namespace sallyport
