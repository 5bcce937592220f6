// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/account_flow.h"

#include "core/present/words.h"
#include "core/provider/stored_account.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

HiddenText hidden(const SecretKey &key)
{
    QByteArray text(44, '\0');
    key.toBase64(std::span<char, 44>(text.data(), 44));
    return HiddenText(text);
}

QString sentenceFor(const Error &error)
{
    const Trouble trouble = troubleOf(error);
    return QString(trouble.what + u' ' + trouble.todo).trimmed();
}

} // namespace

AccountFlow::AccountFlow(const Parts &parts, QObject *parent) : QObject(parent), m_parts(parts) {}

bool AccountFlow::begin(const QString &busy)
{
    if (!m_model.busy.isEmpty())
        return false;
    m_model.busy = busy;
    m_model.trouble.clear();
    m_model.note.clear();
    Q_EMIT changed();
    return true;
}

void AccountFlow::end(const QString &trouble, const QString &note)
{
    m_model.busy.clear();
    m_model.trouble = trouble;
    m_model.note = note;
    Q_EMIT changed();
}

void AccountFlow::fail(const ProviderError &error)
{
    end(sentenceOf(error, traits().name));
}

void AccountFlow::open()
{
    if (m_model.step != AccountStep::LogIn || !begin(tr("Looking into your keyring…")))
        return;
    m_parts.keyring.load(accountName(), this, [this](const KeyringOutcome &account) { haveStored(account); });
}

void AccountFlow::haveStored(const KeyringOutcome &account)
{
    if (!account)
        return end({}, sentenceOf(account.trouble()));
    const auto session = readStoredAccount((*account).reveal());
    if (!session)
        return end();
    m_parts.keyring.load(
        keyName(), this, [this, stored = *session](const KeyringOutcome &key) { haveStoredKey(stored, key); });
}

/// A key that does not belong to the device would make exits that never answer.
void AccountFlow::haveStoredKey(const Session &session, const KeyringOutcome &key)
{
    if (!key)
        return end({}, sentenceOf(key.trouble()));
    auto parsed = SecretKey::parse({(*key).reveal().constData(), static_cast<std::size_t>((*key).reveal().size())});
    if (!parsed || parsed->publicKey() != session.device->publicKey)
        return end();
    m_session = session;
    m_key = std::move(*parsed);
    m_model.step = AccountStep::Relays;
    m_model.device = *session.device;
    m_model.expires = session.accountExpires;
    fetchRelays(RelaySource::Cache, {});
}

void AccountFlow::logIn(const QString &account, const QString &secondFactor)
{
    auto parsed = traits().parseAccount(account);
    if (!parsed)
        return end(tr("This is no account of %1. It looks like %2.").arg(traits().name, traits().accountHint));
    if (!begin(tr("Logging in at %1…").arg(traits().name)))
        return;
    m_key = SecretKey::generatePrivate();
    m_login = {std::move(*parsed), secondFactor.trimmed().toLatin1(), m_key->publicKey(), false};
    m_parts.provider.logIn(m_login, this, [this](const Outcome<Session> &session) { loggedIn(session); });
}

void AccountFlow::loggedIn(const Outcome<Session> &session)
{
    if (!session) {
        m_model.wantsSecondFactor
            = m_model.wantsSecondFactor || session.error().trouble == ProviderTrouble::SecondFactor;
        if (session.error().trouble == ProviderTrouble::DeviceLimit)
            m_model.step = AccountStep::ChooseDevice;
        return fail(session.error());
    }
    m_session = *session;
    m_model.expires = session->accountExpires;
    if (session->device)
        return registered(*session->device);
    m_parts.provider.change(m_session, RegisterKey{m_key->publicKey()}, this,
        [this](const Outcome<ProviderDevice> &device) { registered(device); });
}

void AccountFlow::registered(const Outcome<ProviderDevice> &device)
{
    if (!device && device.error().trouble == ProviderTrouble::DeviceLimit)
        return askDevices(device.error());
    if (!device)
        return fail(device.error());
    m_session.device = *device;
    m_model.device = *device;
    m_model.step = AccountStep::Relays;
    m_model.devices.clear();
    remember([this](const QString &note) { fetchRelays(RelaySource::Provider, note); });
}

void AccountFlow::askDevices(const ProviderError &limit)
{
    m_parts.provider.fetchDevices(m_session, this, [this, limit](const Outcome<std::vector<ProviderDevice>> &devices) {
        if (!devices)
            return fail(devices.error());
        m_model.devices = *devices;
        m_model.step = AccountStep::ChooseDevice;
        fail(limit);
    });
}

void AccountFlow::replaceDevice(const QString &id)
{
    if (m_model.step != AccountStep::ChooseDevice || !m_key
        || !begin(tr("Replacing the device at %1…").arg(traits().name)))
        return;
    if (!traits().listsDevices) {
        m_login.replacesOthers = true;
        return m_parts.provider.logIn(m_login, this, [this](const Outcome<Session> &session) { loggedIn(session); });
    }
    m_parts.provider.change(m_session, ReplaceDevice{id, m_key->publicKey()}, this,
        [this](const Outcome<ProviderDevice> &device) { registered(device); });
}

void AccountFlow::backToLogIn()
{
    if (!m_model.busy.isEmpty())
        return;
    m_model.step = AccountStep::LogIn;
    m_model.devices.clear();
    end();
}

/// What cannot be kept holds until the program ends; the note says so.
void AccountFlow::remember(const std::function<void(const QString &note)> &next)
{
    m_parts.keyring.store(keyName(), hidden(*m_key), this, [this, next](const KeyringOutcome &key) {
        if (!key)
            return next(sentenceOf(key.trouble()));
        m_parts.keyring.store(accountName(), storedAccount(m_session), this,
            [next](const KeyringOutcome &account) { next(account ? QString() : sentenceOf(account.trouble())); });
    });
}

void AccountFlow::fetchRelays(RelaySource source, const QString &note)
{
    m_parts.provider.fetchRelays(source, this, [this, source, note](const Outcome<RelayList> &relays) {
        if (relays) {
            m_model.relays = *relays;
            ++m_model.relaysVersion;
            return end({}, note);
        }
        if (source == RelaySource::Cache)
            return end({}, tr("There is no list of servers yet. Update it."));
        fail(relays.error());
    });
}

void AccountFlow::updateRelays()
{
    if (begin(tr("Asking %1 for its servers…").arg(traits().name)))
        fetchRelays(RelaySource::Provider, tr("The list of servers is up to date."));
}

void AccountFlow::addExit(const ExitChoice &choice)
{
    if (m_model.step != AccountStep::Relays || !m_key)
        return;
    auto exit = exitOf(traits().id, m_model.device, m_model.relays, choice);
    if (!exit)
        return end(exit.error().detail);
    if (!begin(tr("Adding %1…").arg(exit->name)))
        return;
    auto name = std::make_shared<QString>();
    const auto edit = [exit = *exit, name](const Configuration &present) {
        const Exit free = withFreeName(present, exit);
        *name = free.name;
        return withExit(present, free);
    };
    const auto secrets = [name](const Configuration &) { return QStringList{exitSecretName(*name)}; };
    ConfigurationChange::start(
        m_parts.client, {edit, secrets, m_key->clone()}, this, [this, name](const Result<Done> &answer) {
            if (!answer)
                return end(sentenceFor(answer.error()));
            end({}, tr("%1 is among your exits now.").arg(*name));
            Q_EMIT exitAdded(*name);
        });
}

void AccountFlow::rotateKey()
{
    if (m_model.step != AccountStep::Relays || !m_key || !begin(tr("Changing the key at %1…").arg(traits().name)))
        return;
    if (m_outdated)
        return applyRotated();
    const auto next = std::make_shared<SecretKey>(SecretKey::generatePrivate());
    m_parts.provider.change(m_session, RotateKey{m_model.device.id, m_key->publicKey(), next->publicKey()}, this,
        [this, next](const Outcome<ProviderDevice> &device) { haveRotated(device, next); });
}

void AccountFlow::haveRotated(const Outcome<ProviderDevice> &device, const std::shared_ptr<SecretKey> &next)
{
    if (!device)
        return fail(device.error());
    m_outdated = m_model.device.addresses;
    m_key = std::move(*next);
    m_session.device = *device;
    m_model.device = *device;
    remember([this](const QString &) { applyRotated(); });
}

/// The provider has the new key already; until the helper has it too, the exits of this account do not answer.
void AccountFlow::applyRotated()
{
    const auto edit = [before = *m_outdated, now = m_model.device](
                          const Configuration &present) { return withRotatedDevice(present, before, now); };
    const auto secrets = [now = m_model.device](const Configuration &changed) {
        QStringList names;
        for (const QString &exit : exitsOf(changed, now.addresses))
            names += exitSecretName(exit);
        return names;
    };
    ConfigurationChange::start(
        m_parts.client, {edit, secrets, m_key->clone()}, this, [this](const Result<Done> &answer) {
            if (!answer)
                return end(tr("%1 has the new key, but your exits do not use it yet: %2 Change the key again to go on.")
                               .arg(traits().name, sentenceFor(answer.error())));
            m_outdated.reset();
            end({}, tr("Your exits use the new key. It can take a minute until every server knows it."));
        });
}

void AccountFlow::logOut()
{
    if (m_model.step != AccountStep::Relays || !begin(tr("Logging out at %1…").arg(traits().name)))
        return;
    m_parts.provider.change(
        m_session, RemoveDevice{m_model.device.id}, this, [this](const Outcome<ProviderDevice> &gone) {
            const bool isGone = gone || gone.error().trouble == ProviderTrouble::DeviceGone
                || (!traits().listsDevices && gone.error().trouble == ProviderTrouble::TokenInvalid);
            if (isGone)
                removeHere();
            else
                fail(gone.error());
        });
}

void AccountFlow::removeHere()
{
    const auto edit = [addresses = m_model.device.addresses](
                          const Configuration &present) { return withoutExits(present, exitsOf(present, addresses)); };
    ConfigurationChange::start(m_parts.client, {edit, {}, {}}, this, [this](const Result<Done> &answer) {
        if (!answer)
            return end(sentenceFor(answer.error()));
        m_parts.keyring.remove(accountName(), this, [this](const KeyringOutcome &) {
            m_parts.keyring.remove(keyName(), this, [this](const KeyringOutcome &) {
                m_key.reset();
                m_session = {};
                m_model = {};
                m_outdated.reset();
                end({}, tr("You are logged out, and the device is deleted at %1.").arg(traits().name));
            });
        });
    });
}

} // namespace sallyport
