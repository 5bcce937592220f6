// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/account.h"
#include "core/provider/blocking.h"
#include "core/provider/outcome.h"
#include "core/provider/relay.h"

#include <QObject>

namespace sallyport {

/// What a provider is called and what it can do.
struct ProviderTraits {
    QString id; ///< `mullvad`: in the configuration and in the keyring
    QString name;
    QString accountHint; ///< what an account looks like
    int deviceLimit = 0; ///< 0: depends on the account
    bool listsDevices = false; ///< and replaces one of them; otherwise only all others at once
    bool needsSecondFactor = false; ///< may ask for one
    bool hasMultihop = false;
    BlockedSet blocks = 0;
    Result<HiddenText> (*parseAccount)(QStringView text) = nullptr;
};

enum class RelaySource : quint8 { Cache, Provider };

/// An exit provider with accounts. Nothing is asked but by one of these calls, each of which stands for a step of the person;
/// every answer comes once, from the event loop, unless its context is gone by then.
class Provider {
public:
    virtual ~Provider() = default;

    virtual const ProviderTraits &traits() const = 0;
    virtual void logIn(const Login &login, QObject *context, const Answer<Session> &answer) = 0;
    virtual void fetchDevices(
        const Session &session, QObject *context, const Answer<std::vector<ProviderDevice>> &answer)
        = 0;
    /// The device as it is afterwards; of a removed one nothing is meant.
    virtual void change(
        const Session &session, const DeviceChange &change, QObject *context, const Answer<ProviderDevice> &answer)
        = 0;
    virtual void fetchRelays(RelaySource source, QObject *context, const Answer<RelayList> &answer) = 0;
};

} // namespace sallyport
