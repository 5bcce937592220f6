// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/https_client.h"
#include "app/providers/provider.h"
#include "app/providers/relay_cache.h"

namespace sallyport {

/// A request with a public key in it, which the answer has to have too.
struct KeyRequest {
    HttpsRequest request;
    PublicKey key;
};

/// Mullvad: accounts are numbers, five devices each, tokens last a day and are renewed with the number.
class Mullvad : public QObject, public Provider {
    Q_OBJECT

public:
    Mullvad(NetworkContacts &contacts, const HttpsBase &base, RelayCache cache, QObject *parent = nullptr);
    static QUrl usualAddress();

    const ProviderTraits &traits() const override { return m_traits; }
    void logIn(const Login &login, QObject *context, const Answer<Session> &answer) override;
    void fetchDevices(
        const Session &session, QObject *context, const Answer<std::vector<ProviderDevice>> &answer) override;
    void change(const Session &session, const DeviceChange &change, QObject *context,
        const Answer<ProviderDevice> &answer) override;
    void fetchRelays(RelaySource source, QObject *context, const Answer<RelayList> &answer) override;

private:
    void fetchToken(const HiddenText &account, QObject *context, const Answer<HiddenText> &answer);
    void fetchExpiry(const Session &session, QObject *context, const Answer<Session> &answer);
    void ask(const Session &session, const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer);
    void askAgain(
        const Session &session, const HttpsRequest &request, QObject *context, const Answer<HttpsReply> &answer);
    void sendKey(
        const Session &session, const KeyRequest &sent, QObject *context, const Answer<ProviderDevice> &answer);
    void replace(
        const Session &session, const ReplaceDevice &change, QObject *context, const Answer<ProviderDevice> &answer);
    void remove(const Session &session, const QString &id, QObject *context, const Answer<ProviderDevice> &answer);

    ProviderTraits m_traits;
    HttpsClient m_https;
    RelayCache m_cache;
    HiddenText m_token; ///< the newest
};

} // namespace sallyport
