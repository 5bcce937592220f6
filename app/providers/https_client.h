// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/network_contacts.h"
#include "core/provider/hidden_text.h"
#include "core/provider/outcome.h"

#include <QSslCertificate>
#include <QUrl>

#include <memory>

class QNetworkAccessManager;

namespace sallyport {

/// Where a provider's interface is.
struct HttpsBase {
    QUrl url; ///< https only, ends with '/'
    QList<QSslCertificate> authorities; ///< trusted besides the system's; for a server of one's own
    std::chrono::milliseconds patience{20'000}; ///< for a whole answer
};

struct HttpsRequest {
    QByteArray method = "GET";
    QString path; ///< below the base
    HiddenText body; ///< JSON
    HiddenText token;
    QByteArray etag; ///< of what is known already
    qsizetype largest = 256LL * 1024; ///< of the answer
};

struct HttpsReply {
    int status = 0;
    QByteArray body;
    QByteArray etag;
    std::chrono::seconds retryAfter{0};

    HttpAnswer asAnswer() const { return {status, body, retryAfter}; }
};

/// Asks one host over TLS: no redirection, no cookie, no cache, no answer larger or later than allowed. What comes back with
/// any status is an answer; its body is still to be read with suspicion.
class HttpsClient : public QObject {
    Q_OBJECT

public:
    HttpsClient(NetworkContacts &contacts, HttpsBase base, QObject *parent = nullptr);
    ~HttpsClient() override;

    QString host() const { return m_base.url.host(); }
    /// `answer` comes once, unless its context is gone by then.
    void send(const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer);

private:
    void refuse(QObject *context, const Answer<HttpsReply> &answer, const ProviderError &error);

    NetworkContacts &m_contacts;
    HttpsBase m_base;
    std::unique_ptr<QNetworkAccessManager> m_network; ///< made for the first request: it costs memory
};

} // namespace sallyport
