// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/ivpn.h"

#include "app/providers/later.h"
#include "core/provider/ivpn_answers.h"
#include "core/wire/json.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kServers = u"ivpn"_s;

HttpsRequest post(const QString &path, const QJsonObject &body)
{
    HttpsRequest request;
    request.method = "POST";
    request.path = path;
    request.body = HiddenText(QJsonDocument(body).toJson(QJsonDocument::Compact));
    return request;
}

QString shown(const HiddenText &text)
{
    return QString::fromUtf8(text.reveal());
}

/// IVPN refuses with a status of HTTP, with one inside, or with both.
std::optional<ProviderError> refusalIn(const Outcome<HttpsReply> &reply)
{
    if (!reply)
        return reply.error();
    const bool isGood = reply->status >= 200 && reply->status < 300 && isIvpnGood(reply->body);
    if (isGood)
        return std::nullopt;
    if (reply->status == 200 && !readJson(reply->body))
        return ProviderError(ProviderTrouble::Unreadable, u"no JSON"_s);
    return ivpnRefusal(reply->asAnswer());
}

ProviderTraits ivpnTraits()
{
    ProviderTraits traits;
    traits.id = u"ivpn"_s;
    traits.name = u"IVPN"_s;
    traits.accountHint = u"i-XXXX-XXXX-XXXX"_s;
    traits.needsSecondFactor = true;
    traits.hasMultihop = true;
    traits.blocks = kIvpnBlocks;
    traits.parseAccount = &parseIvpnAccount;
    return traits;
}

} // namespace

Ivpn::Ivpn(NetworkContacts &contacts, const HttpsBase &base, RelayCache cache, QObject *parent)
    : QObject(parent), m_traits(ivpnTraits()), m_https(contacts, base), m_cache(std::move(cache))
{
    contacts.declare(m_https.host(), tr("IVPN: your account there, and the list of servers"));
}

QUrl Ivpn::usualAddress()
{
    return QUrl(u"https://api.ivpn.net/"_s);
}

void Ivpn::logIn(const Login &login, QObject *context, const Answer<Session> &answer)
{
    QJsonObject body{{u"username"_s, shown(login.account)}, {u"force"_s, login.replacesOthers},
        {u"wg_public_key"_s, login.publicKey.toBase64()}};
    if (!login.secondFactor.isEmpty())
        body.insert(u"confirmation"_s, QString::fromLatin1(login.secondFactor));
    m_https.send(post(u"v4/session/new"_s, body), context, [login, answer](const Outcome<HttpsReply> &reply) {
        if (const auto refusal = refusalIn(reply))
            return answer(*refusal);
        auto session = readIvpnSession(reply->body, login.publicKey);
        if (!session)
            return answer(session.error());
        const QDateTime &until = session->accountExpires;
        if (until.isValid() && until < QDateTime::currentDateTimeUtc())
            return answer(ProviderError(ProviderTrouble::AccountExpired));
        session->account = login.account;
        answer(*session);
    });
}

void Ivpn::fetchDevices(const Session &session, QObject *context, const Answer<std::vector<ProviderDevice>> &answer)
{
    std::vector<ProviderDevice> own;
    if (session.device)
        own.push_back(*session.device);
    later(this, context, [answer, own] { answer(own); });
}

void Ivpn::change(
    const Session &session, const DeviceChange &change, QObject *context, const Answer<ProviderDevice> &answer)
{
    const PublicKey present = session.device ? session.device->publicKey : PublicKey();
    std::visit(Overloaded{
                   [&](const RegisterKey &one) {
                       setKey(session, {{}, present, one.publicKey}, context, answer);
                   },
                   [&](const ReplaceDevice &one) {
                       setKey(session, {{}, present, one.publicKey}, context, answer);
                   },
                   [&](const RotateKey &one) { setKey(session, one, context, answer); },
                   [&](const RemoveDevice &) { remove(session, context, answer); },
               },
        change);
}

void Ivpn::setKey(
    const Session &session, const RotateKey &change, QObject *context, const Answer<ProviderDevice> &answer)
{
    QJsonObject body{{u"session_token"_s, shown(session.token)}, {u"public_key"_s, change.next.toBase64()}};
    if (!change.present.isNull())
        body.insert(u"connected_public_key"_s, change.present.toBase64());
    m_https.send(
        post(u"v4/session/wg/set"_s, body), context, [session, change, answer](const Outcome<HttpsReply> &reply) {
            if (const auto refusal = refusalIn(reply))
                return answer(*refusal);
            const auto addresses = readIvpnAddresses(reply->body);
            if (!addresses)
                return answer(addresses.error());
            ProviderDevice device = session.device.value_or(ProviderDevice());
            device.publicKey = change.next;
            device.addresses = *addresses;
            answer(device);
        });
}

void Ivpn::remove(const Session &session, QObject *context, const Answer<ProviderDevice> &answer)
{
    const QJsonObject body{{u"session_token"_s, shown(session.token)}};
    m_https.send(post(u"v4/session/delete"_s, body), context, [answer](const Outcome<HttpsReply> &reply) {
        if (const auto refusal = refusalIn(reply))
            answer(*refusal);
        else
            answer(ProviderDevice{});
    });
}

void Ivpn::fetchRelays(RelaySource source, QObject *context, const Answer<RelayList> &answer)
{
    const auto kept = m_cache.load(kServers);
    if (source == RelaySource::Cache) {
        const Outcome<RelayList> list = kept ? outcomeOf(readIvpnServers(kept->text))
                                             : Outcome<RelayList>(ProviderError(ProviderTrouble::NotThere));
        later(this, context, [answer, list] { answer(list); });
        return;
    }
    HttpsRequest request;
    request.path = u"v5/servers.json"_s;
    request.etag = kept ? kept->version : QByteArray();
    request.largest = kMaximumJsonSize;
    m_https.send(request, context, [this, answer](const Outcome<HttpsReply> &reply) { haveServers(reply, answer); });
}

void Ivpn::haveServers(const Outcome<HttpsReply> &reply, const Answer<RelayList> &answer)
{
    if (!reply)
        return answer(reply.error());
    const auto kept = m_cache.load(kServers);
    if (reply->status == 304 && kept)
        return answer(outcomeOf(readIvpnServers(kept->text)));
    if (reply->status != 200)
        return answer(ivpnRefusal(reply->asAnswer()));
    const auto list = readIvpnServers(reply->body);
    if (list)
        m_cache.keep(kServers, {reply->etag, reply->body});
    answer(outcomeOf(list));
}

} // namespace sallyport
