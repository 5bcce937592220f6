// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/https_client.h"
#include "app/providers/relay_cache.h"
#include "core/provider/relay.h"

namespace sallyport {

/// Mullvad's list of servers, from up to three places: the list whose digest was announced; where there is no announcement, the
/// same list by its usual address; and the flat one, for the multihop ports, or alone where there is nothing else.
class MullvadList : public QObject {
    Q_OBJECT

public:
    static void fetch(HttpsClient &https, const RelayCache &cache, QObject *context, const Answer<RelayList> &answer);
    static Outcome<RelayList> fromCache(const RelayCache &cache);

private:
    MullvadList(HttpsClient &https, RelayCache cache, QObject *context, Answer<RelayList> answer);

    void askAnnouncement();
    void announced(const Outcome<HttpsReply> &reply);
    void askAnnounced(const QByteArray &digest);
    void askUsual();
    void askFlat();
    void haveFlat(const Outcome<HttpsReply> &reply);
    bool takeList(const HttpsReply &reply, const QByteArray &version);
    void finish(const Outcome<RelayList> &outcome);
    HttpsRequest listRequest(const QString &path, const QByteArray &etag) const;

    HttpsClient &m_https;
    RelayCache m_cache;
    Answer<RelayList> m_answer;
    std::optional<RelayList> m_list;
};

} // namespace sallyport
