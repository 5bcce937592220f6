// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/https_client.h"
#include "app/providers/provider.h"
#include "app/providers/relay_cache.h"

namespace sallyport {

/// IVPN: logging in is a session with one key; there is no list of the others, only an end of all of them.
class Ivpn : public QObject, public Provider {
    Q_OBJECT

public:
    Ivpn(NetworkContacts &contacts, const HttpsBase &base, RelayCache cache, QObject *parent = nullptr);
    static QUrl usualAddress();

    const ProviderTraits &traits() const override { return m_traits; }
    void logIn(const Login &login, QObject *context, const Answer<Session> &answer) override;
    void fetchDevices(
        const Session &session, QObject *context, const Answer<std::vector<ProviderDevice>> &answer) override;
    void change(const Session &session, const DeviceChange &change, QObject *context,
        const Answer<ProviderDevice> &answer) override;
    void fetchRelays(RelaySource source, QObject *context, const Answer<RelayList> &answer) override;

private:
    void setKey(
        const Session &session, const RotateKey &change, QObject *context, const Answer<ProviderDevice> &answer);
    void remove(const Session &session, QObject *context, const Answer<ProviderDevice> &answer);
    void haveServers(const Outcome<HttpsReply> &reply, const Answer<RelayList> &answer);

    ProviderTraits m_traits;
    HttpsClient m_https;
    RelayCache m_cache;
};

} // namespace sallyport
