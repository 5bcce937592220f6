// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/https_client.h"

#include <QNetworkReply>
#include <QPointer>
#include <QSslError>
#include <QTimer>

namespace sallyport {

/// One question and its answer; lives as long as the reply, which owns it.
class HttpsExchange : public QObject {
    Q_OBJECT

public:
    struct Limits {
        qsizetype bytes;
        std::chrono::milliseconds time;
    };

    HttpsExchange(QNetworkReply *reply, const Limits &limits, QObject *context, Answer<HttpsReply> answer);

private:
    void read();
    void finish();
    Outcome<HttpsReply> outcome() const;
    ProviderError transportError() const;

    QNetworkReply *m_reply;
    Limits m_limits;
    QPointer<QObject> m_context;
    Answer<HttpsReply> m_answer;
    QTimer m_deadline;
    QByteArray m_body;
    QList<QSslError> m_tlsErrors;
    bool m_isLate = false;
    bool m_isTooLarge = false;
};

} // namespace sallyport
