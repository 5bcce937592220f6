// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/https_client.h"

#include "app/providers/https_exchange.h"
#include "app/providers/later.h"

#include <QNetworkAccessManager>
#include <QNetworkRequest>
#include <QSslConfiguration>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QNetworkRequest plainRequest(const QUrl &url, const QList<QSslCertificate> &authorities)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    request.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setHeader(QNetworkRequest::UserAgentHeader, u"Sallyport"_s);
    request.setRawHeader("Accept-Language", "en"); // Qt would tell the person's language
    request.setRawHeader("Accept-Encoding", "identity"); // the limit is on what is unpacked
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.addCaCertificates(authorities);
    request.setSslConfiguration(tls);
    return request;
}

} // namespace

HttpsClient::HttpsClient(NetworkContacts &contacts, HttpsBase base, QObject *parent)
    : QObject(parent), m_contacts(contacts), m_base(std::move(base))
{
}

HttpsClient::~HttpsClient() = default;

void HttpsClient::send(const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer)
{
    if (m_base.url.scheme() != u"https" || host().isEmpty())
        return refuse(context, answer, {ProviderTrouble::CertificateWrong, u"the address is not https"_s});
    if (!m_contacts.enter(host()))
        return refuse(context, answer, {ProviderTrouble::NotAllowed, host()});
    if (!m_network)
        m_network = std::make_unique<QNetworkAccessManager>();
    QNetworkRequest outgoing = plainRequest(m_base.url.resolved(QUrl(request.path)), m_base.authorities);
    if (!request.token.isEmpty())
        outgoing.setRawHeader("Authorization", "Bearer " + request.token.reveal());
    if (!request.etag.isEmpty())
        outgoing.setRawHeader("If-None-Match", request.etag);
    if (!request.body.isEmpty())
        outgoing.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    QNetworkReply *reply = m_network->sendCustomRequest(outgoing, request.method, request.body.reveal());
    new HttpsExchange(reply, {request.largest, m_base.patience}, context, answer);
}

void HttpsClient::refuse(QObject *context, const Answer<HttpsReply> &answer, const ProviderError &error)
{
    later(this, context, [answer, error] { answer(error); });
}

} // namespace sallyport
