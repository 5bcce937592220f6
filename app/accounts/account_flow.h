// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/accounts/configuration_change.h"
#include "app/keyring/keyring.h"
#include "app/providers/provider.h"
#include "core/provider/exit_choice.h"

#include <QSet>

namespace sallyport {

enum class AccountStep : quint8 { LogIn, ChooseDevice, Relays };

/// What a person sees of an account.
struct AccountModel {
    AccountStep step = AccountStep::LogIn;
    QString busy; ///< what is being done; empty: nothing
    QString trouble; ///< what went wrong, and what to do
    QString note; ///< what went well, or what to know of the keyring
    bool wantsSecondFactor = false;
    std::vector<ProviderDevice> devices; ///< to choose one that goes
    ProviderDevice device; ///< this machine, as the provider knows it
    QDateTime expires;
    RelayList relays;
    int relaysVersion = 0; ///< changes with the list
};

/// One account at one provider, step by step: log in, register this machine's key (in the place of another device, if the person
/// says so), choose servers. What the provider and the helper do is told in changed(); while something is being done, further
/// steps are ignored.
class AccountFlow : public QObject {
    Q_OBJECT

public:
    struct Parts {
        Provider &provider;
        Keyring &keyring;
        HelperClient &client;
    };

    explicit AccountFlow(const Parts &parts, QObject *parent = nullptr);

    const AccountModel &model() const { return m_model; }
    const ProviderTraits &traits() const { return m_parts.provider.traits(); }

    /// Looks into the keyring and the kept list; asks nobody outside.
    void open();
    void logIn(const QString &account, const QString &secondFactor);
    /// Empty where the provider knows no single devices: all others.
    void replaceDevice(const QString &id);
    void backToLogIn();
    void updateRelays();
    void addExit(const ExitChoice &choice);
    void rotateKey();
    /// Deletes the device at the provider, then the exits that use it, then what the keyring has.
    void logOut();

Q_SIGNALS:
    void changed();
    void exitAdded(const QString &name);

private:
    bool begin(const QString &busy);
    void end(const QString &trouble = {}, const QString &note = {});
    void fail(const ProviderError &error);
    QString accountName() const { return traits().id + QStringLiteral("/account"); }
    QString keyName() const { return traits().id + QStringLiteral("/device-key"); }

    void haveStored(const KeyringOutcome &account);
    void haveStoredKey(const Session &session, const KeyringOutcome &key);
    void loggedIn(const Outcome<Session> &session);
    void registered(const Outcome<ProviderDevice> &device);
    void askDevices(const ProviderError &limit);
    void remember(const std::function<void(const QString &note)> &next);
    void fetchRelays(RelaySource source, const QString &note);
    void haveRotated(const Outcome<ProviderDevice> &device, const std::shared_ptr<SecretKey> &next);
    void applyRotated();
    void removeHere();

    Parts m_parts;
    AccountModel m_model;
    Session m_session;
    Login m_login; ///< the last one that was tried
    std::optional<SecretKey> m_key;
    std::optional<std::vector<InterfaceAddress>>
        m_outdated; ///< of the device before a rotation that is not applied here yet
};

} // namespace sallyport
