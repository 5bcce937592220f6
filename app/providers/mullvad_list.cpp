// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/mullvad_list.h"

#include "core/provider/mullvad_relays.h"
#include "core/wire/json.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kList = u"mullvad"_s;
const QString kFlat = u"mullvad-flat"_s;
const QByteArray kByDigest = "sha256:";

QByteArray etagOf(const std::optional<RelayCache::Entry> &entry)
{
    return entry && !entry->version.startsWith(kByDigest) ? entry->version : QByteArray();
}

} // namespace

MullvadList::MullvadList(HttpsClient &https, RelayCache cache, QObject *context, Answer<RelayList> answer)
    : QObject(context), m_https(https), m_cache(std::move(cache)), m_answer(std::move(answer))
{
}

void MullvadList::fetch(HttpsClient &https, const RelayCache &cache, QObject *context, const Answer<RelayList> &answer)
{
    auto *list = new MullvadList(https, cache, context, answer); // deletes itself in finish()
    list->askAnnouncement();
}

Outcome<RelayList> MullvadList::fromCache(const RelayCache &cache)
{
    const auto entry = cache.load(kList);
    const auto flatEntry = cache.load(kFlat);
    const auto flat = flatEntry ? readMullvadFlatRelays(flatEntry->text) : Error{};
    if (!entry)
        return flatEntry ? outcomeOf(flat) : Outcome<RelayList>(ProviderError(ProviderTrouble::NotThere));
    auto list = readMullvadRelays(entry->text);
    if (!list)
        return list.error();
    return flat ? withMultihopPorts(std::move(*list), *flat) : *list;
}

HttpsRequest MullvadList::listRequest(const QString &path, const QByteArray &etag) const
{
    HttpsRequest request;
    request.path = path;
    request.etag = etag;
    request.largest = kMaximumJsonSize;
    return request;
}

void MullvadList::askAnnouncement()
{
    HttpsRequest request;
    request.path = u"trl/v0/timestamps/latest"_s;
    m_https.send(request, this, [this](const Outcome<HttpsReply> &reply) { announced(reply); });
}

void MullvadList::announced(const Outcome<HttpsReply> &reply)
{
    if (!reply)
        return finish(reply.error());
    if (reply->status == 404)
        return askUsual();
    if (reply->status != 200)
        return finish(mullvadRefusal(reply->asAnswer()));
    const auto announcement = readRelayTimestamp(reply->body);
    if (!announcement)
        return finish(announcement.error());
    const auto kept = m_cache.load(kList);
    if (kept && hasDigest(kept->text, announcement->digest)) {
        if (takeList({200, kept->text, {}, {}}, kByDigest + announcement->digest))
            askFlat();
        return;
    }
    askAnnounced(announcement->digest);
}

void MullvadList::askAnnounced(const QByteArray &digest)
{
    const QString path = u"trl/v0/data/"_s + QString::fromLatin1(digest);
    m_https.send(listRequest(path, {}), this, [this, digest](const Outcome<HttpsReply> &reply) {
        if (!reply)
            return finish(reply.error());
        if (reply->status != 200)
            return finish(mullvadRefusal(reply->asAnswer()));
        if (!hasDigest(reply->body, digest))
            return finish(ProviderError(ProviderTrouble::Unreadable, u"a list with another digest than announced"_s));
        if (takeList(*reply, kByDigest + digest))
            askFlat();
    });
}

void MullvadList::askUsual()
{
    const auto kept = m_cache.load(kList);
    m_https.send(listRequest(u"app/v1/relays"_s, etagOf(kept)), this, [this, kept](const Outcome<HttpsReply> &reply) {
        if (!reply)
            return finish(reply.error());
        if (reply->status == 404)
            return askFlat();
        const bool isKept = reply->status == 304 && kept;
        if (reply->status != 200 && !isKept)
            return finish(mullvadRefusal(reply->asAnswer()));
        if (isKept ? takeList({200, kept->text, {}, {}}, kept->version) : takeList(*reply, reply->etag))
            askFlat();
    });
}

bool MullvadList::takeList(const HttpsReply &reply, const QByteArray &version)
{
    const auto list = readMullvadRelays(reply.body);
    if (!list) {
        finish(list.error());
        return false;
    }
    m_list = *list;
    m_cache.keep(kList, {version, reply.body});
    return true;
}

void MullvadList::askFlat()
{
    m_https.send(listRequest(u"www/relays/all"_s, etagOf(m_cache.load(kFlat))), this,
        [this](const Outcome<HttpsReply> &reply) { haveFlat(reply); });
}

/// Without it there is no multihop, and nothing else is missing.
void MullvadList::haveFlat(const Outcome<HttpsReply> &reply)
{
    std::optional<RelayCache::Entry> entry = m_cache.load(kFlat);
    if (reply && reply->status == 200)
        entry = RelayCache::Entry{reply->etag, reply->body};
    const auto flat = entry ? readMullvadFlatRelays(entry->text) : Error{};
    if (flat && reply && reply->status == 200)
        m_cache.keep(kFlat, *entry);
    if (m_list)
        return finish(flat ? withMultihopPorts(*m_list, *flat) : *m_list);
    if (!reply)
        return finish(reply.error());
    if (reply->status != 200 && reply->status != 304)
        return finish(mullvadRefusal(reply->asAnswer()));
    finish(outcomeOf(flat));
}

void MullvadList::finish(const Outcome<RelayList> &outcome)
{
    deleteLater();
    m_answer(outcome);
}

} // namespace sallyport
