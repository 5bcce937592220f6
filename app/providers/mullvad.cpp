// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/providers/mullvad.h"

#include "app/providers/later.h"
#include "app/providers/mullvad_list.h"
#include "core/provider/mullvad_account.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const QString kDevices = u"accounts/v1/devices"_s;

HiddenText bodyOf(const QJsonObject &object)
{
    return HiddenText(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

ProviderTraits mullvadTraits()
{
    ProviderTraits traits;
    traits.id = u"mullvad"_s;
    traits.name = u"Mullvad"_s;
    traits.accountHint = u"1234 5678 1234 5678"_s;
    traits.deviceLimit = 5;
    traits.listsDevices = true;
    traits.hasMultihop = true;
    traits.blocks = kMullvadBlocks;
    traits.parseAccount = &parseMullvadAccount;
    return traits;
}

KeyRequest keyRequest(const QByteArray &method, const QString &path, const PublicKey &key)
{
    HttpsRequest request;
    request.method = method;
    request.path = path;
    QJsonObject body{{u"pubkey"_s, key.toBase64()}};
    if (method == "POST")
        body.insert(u"hijack_dns"_s, false);
    request.body = bodyOf(body);
    return {request, key};
}

/// The provider must have taken the key that was sent: with another one the tunnel would never answer.
Outcome<ProviderDevice> deviceIn(const HttpsReply &reply, const PublicKey &sent)
{
    if (reply.status != 200 && reply.status != 201)
        return mullvadRefusal(reply.asAnswer());
    auto device = readMullvadDevice(reply.body);
    if (device && device->publicKey != sent)
        return ProviderError(ProviderTrouble::Unreadable, u"pubkey: another key than was sent"_s);
    return outcomeOf(std::move(device));
}

} // namespace

Mullvad::Mullvad(NetworkContacts &contacts, const HttpsBase &base, RelayCache cache, QObject *parent)
    : QObject(parent), m_traits(mullvadTraits()), m_https(contacts, base), m_cache(std::move(cache))
{
    contacts.declare(m_https.host(), tr("Mullvad: your account there, its devices, and the list of servers"));
}

QUrl Mullvad::usualAddress()
{
    return QUrl(u"https://api.mullvad.net/"_s);
}

void Mullvad::logIn(const Login &login, QObject *context, const Answer<Session> &answer)
{
    fetchToken(login.account, context, [this, login, context, answer](const Outcome<HiddenText> &token) {
        if (!token)
            return answer(token.error());
        Session session;
        session.account = login.account;
        session.token = *token;
        fetchExpiry(session, context, answer);
    });
}

void Mullvad::fetchToken(const HiddenText &account, QObject *context, const Answer<HiddenText> &answer)
{
    HttpsRequest request;
    request.method = "POST";
    request.path = u"auth/v1/token"_s;
    request.body = bodyOf({{u"account_number"_s, QString::fromLatin1(account.reveal())}});
    m_https.send(request, context, [this, answer](const Outcome<HttpsReply> &reply) {
        if (!reply)
            return answer(reply.error());
        if (reply->status != 200)
            return answer(mullvadRefusal(reply->asAnswer()));
        const auto token = readMullvadToken(reply->body);
        if (!token)
            return answer(token.error());
        m_token = token->token;
        answer(m_token);
    });
}

void Mullvad::fetchExpiry(const Session &session, QObject *context, const Answer<Session> &answer)
{
    HttpsRequest request;
    request.path = u"accounts/v1/accounts/me"_s;
    ask(session, request, context, [session, answer](const Outcome<HttpsReply> &reply) {
        if (!reply)
            return answer(reply.error());
        if (reply->status != 200)
            return answer(mullvadRefusal(reply->asAnswer()));
        const auto expires = readMullvadExpiry(reply->body);
        if (!expires)
            return answer(expires.error());
        if (*expires < QDateTime::currentDateTimeUtc())
            return answer(ProviderError(ProviderTrouble::AccountExpired));
        Session complete = session;
        complete.accountExpires = *expires;
        answer(complete);
    });
}

/// With the newest token; one that is over is replaced, once.
void Mullvad::ask(
    const Session &session, const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer)
{
    if (m_token.isEmpty())
        m_token = session.token;
    if (m_token.isEmpty())
        return askAgain(session, request, context, answer);
    HttpsRequest outgoing = request;
    outgoing.token = m_token;
    m_https.send(outgoing, context, [this, session, request, context, answer](const Outcome<HttpsReply> &reply) {
        const bool isOver = reply && reply->status >= 400
            && mullvadRefusal(reply->asAnswer()).trouble == ProviderTrouble::TokenInvalid;
        if (isOver)
            askAgain(session, request, context, answer);
        else
            answer(reply);
    });
}

void Mullvad::askAgain(
    const Session &session, const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer)
{
    fetchToken(session.account, context, [this, request, context, answer](const Outcome<HiddenText> &token) {
        if (!token)
            return answer(token.error());
        HttpsRequest outgoing = request;
        outgoing.token = *token;
        m_https.send(outgoing, context, answer);
    });
}

void Mullvad::fetchDevices(const Session &session, QObject *context, const Answer<std::vector<ProviderDevice>> &answer)
{
    HttpsRequest request;
    request.path = kDevices;
    ask(session, request, context, [answer](const Outcome<HttpsReply> &reply) {
        if (!reply)
            answer(reply.error());
        else if (reply->status != 200)
            answer(mullvadRefusal(reply->asAnswer()));
        else
            answer(outcomeOf(readMullvadDevices(reply->body)));
    });
}

void Mullvad::change(
    const Session &session, const DeviceChange &change, QObject *context, const Answer<ProviderDevice> &answer)
{
    std::visit(
        Overloaded{
            [&](const RegisterKey &one) {
                sendKey(session, keyRequest("POST", kDevices, one.publicKey), context, answer);
            },
            [&](const ReplaceDevice &one) { replace(session, one, context, answer); },
            [&](const RotateKey &one) {
                sendKey(session, keyRequest("PUT", kDevices + u'/' + one.id + u"/pubkey"_s, one.next), context, answer);
            },
            [&](const RemoveDevice &one) { remove(session, one.id, context, answer); },
        },
        change);
}

void Mullvad::sendKey(
    const Session &session, const KeyRequest &sent, QObject *context, const Answer<ProviderDevice> &answer)
{
    ask(session, sent.request, context, [answer, key = sent.key](const Outcome<HttpsReply> &reply) {
        answer(reply ? deviceIn(*reply, key) : Outcome<ProviderDevice>(reply.error()));
    });
}

void Mullvad::replace(
    const Session &session, const ReplaceDevice &change, QObject *context, const Answer<ProviderDevice> &answer)
{
    remove(session, change.id, context, [this, session, change, context, answer](const Outcome<ProviderDevice> &gone) {
        if (!gone && gone.error().trouble != ProviderTrouble::DeviceGone)
            return answer(gone.error());
        sendKey(session, keyRequest("POST", kDevices, change.publicKey), context, answer);
    });
}

void Mullvad::remove(const Session &session, const QString &id, QObject *context, const Answer<ProviderDevice> &answer)
{
    HttpsRequest request;
    request.method = "DELETE";
    request.path = kDevices + u'/' + id;
    ask(session, request, context, [answer](const Outcome<HttpsReply> &reply) {
        if (!reply)
            answer(reply.error());
        else if (reply->status != 204 && reply->status != 200)
            answer(mullvadRefusal(reply->asAnswer()));
        else
            answer(ProviderDevice{});
    });
}

void Mullvad::fetchRelays(RelaySource source, QObject *context, const Answer<RelayList> &answer)
{
    if (source == RelaySource::Provider)
        return MullvadList::fetch(m_https, m_cache, context, answer);
    later(this, context, [this, answer] { answer(MullvadList::fromCache(m_cache)); });
}

} // namespace sallyport
