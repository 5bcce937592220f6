// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/phone_session.h"

#include "app/exchange/bare_conf.h"
#include "app/exchange/edits.h"

#include <utility>

namespace sallyport {

using namespace std::chrono_literals;

namespace {

/// The device with this key, whatever it is called by now.
Result<Proposal> withoutKey(const Configuration &present, const PublicKey &key)
{
    if (present.home) {
        for (const Device &device : present.home->devices) {
            if (device.publicKey == key)
                return withoutDevice(present, device.name);
        }
    }
    Proposal same;
    same.configuration = present;
    return same;
}

} // namespace

PhoneSession::PhoneSession(Parts parts, QObject *parent) : QObject(parent), m_parts(std::move(parts))
{
    m_timer.setInterval(1s);
    connect(&m_timer, &QTimer::timeout, this, &PhoneSession::tick);
    connect(&m_parts.store, &Store::changed, this, &PhoneSession::follow);
}

QString PhoneSession::name() const
{
    return m_name;
}

std::chrono::seconds PhoneSession::remaining() const
{
    const auto &phone = m_parts.file.draft().phone;
    return phone ? std::max(0s, phone->expires - m_parts.clock()) : 0s;
}

void PhoneSession::start(const QString &name, const std::optional<HostEndpoint> &reachedAt)
{
    cancel();
    enter(Stage::Preparing);
    m_parts.configurator.apply(
        [this, name, reachedAt](const Configuration &present) { return edit(present, name, reachedAt); }, this,
        [this, round = ++m_round](const Result<Done> &answer) {
            if (round == m_round)
                configured(answer);
        });
}

/// The draft says who waits before the helper does, so that no end of this program leaves a stranger behind.
Result<Proposal> PhoneSession::edit(
    const Configuration &present, const QString &name, const std::optional<HostEndpoint> &at)
{
    if (!present.home)
        return noHome();
    auto made = makeDevice(*present.home, name);
    if (!made)
        return made.error();
    const auto conf = confFor(*present.home, *made, m_parts.store.snapshot().home.publicKey, at);
    if (!conf)
        return conf.error();
    auto code = QrCode::encode(withoutComments(*conf).view());
    if (!code)
        return code.error();
    m_next = std::move(*code);
    m_name = made->device.name;
    if (!remember(PendingPhone{m_name, made->device.publicKey, m_parts.clock() + kPhonePatience}))
        return Error{
            Errc::StorageFailed, tr("What is under way cannot be noted on the disk, so no phone was let in."), {}};
    return withDevice(present, made->device);
}

void PhoneSession::configured(const Result<Done> &answer)
{
    if (!answer) {
        m_error = answer.error();
        m_next.reset();
        return takeBack(Stage::Failed);
    }
    m_code = std::exchange(m_next, std::nullopt);
    m_timer.start();
    if (!m_parts.store.snapshot().home.enabled) {
        IntentChange change;
        change.home = true;
        m_parts.store.request(change);
    }
    enter(Stage::Waiting);
    follow();
}

void PhoneSession::tick()
{
    follow();
    if (m_stage == Stage::Waiting)
        Q_EMIT changed();
}

void PhoneSession::follow()
{
    const auto &phone = m_parts.file.draft().phone;
    const bool knows = m_parts.store.link().state == Link::State::Connected;
    if (!phone || !knows || (m_stage != Stage::Waiting && !m_isRecovering))
        return;
    const PhoneState state = phoneStateOf(*phone, m_parts.store.snapshot(), m_parts.clock());
    if (state == PhoneState::Joined)
        keep();
    else if (state == PhoneState::Expired || m_isRecovering)
        takeBack(m_isRecovering ? Stage::Idle : Stage::Expired);
}

void PhoneSession::keep()
{
    m_isRecovering = false;
    m_code.reset();
    m_timer.stop();
    remember(std::nullopt);
    enter(Stage::Joined);
}

/// The draft forgets the phone only when the helper has: if it cannot, the next start tries again.
void PhoneSession::takeBack(Stage stage)
{
    m_isRecovering = false;
    m_code.reset();
    m_timer.stop();
    const auto phone = m_parts.file.draft().phone;
    if (phone) {
        m_parts.configurator.apply(
            [key = phone->publicKey](const Configuration &present) { return withoutKey(present, key); }, this,
            [this, key = phone->publicKey](const Result<Done> &answer) {
                const auto &waits = m_parts.file.draft().phone;
                if (answer && waits && waits->publicKey == key)
                    remember(std::nullopt);
            });
    }
    enter(stage);
}

void PhoneSession::cancel()
{
    ++m_round;
    if (m_stage == Stage::Waiting || m_stage == Stage::Preparing)
        takeBack(Stage::Idle);
    else
        enter(Stage::Idle);
}

void PhoneSession::recover()
{
    m_isRecovering = m_parts.file.draft().phone.has_value();
    if (m_isRecovering)
        m_name = m_parts.file.draft().phone->name;
    follow();
}

bool PhoneSession::remember(const std::optional<PendingPhone> &phone)
{
    WizardDraft draft = m_parts.file.draft();
    draft.phone = phone;
    return m_parts.file.keep(draft);
}

void PhoneSession::enter(Stage stage)
{
    m_stage = stage;
    Q_EMIT changed();
}

} // namespace sallyport
