// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/switchboard.h"

#include "core/plan/desired_dns.h"
#include "core/plan/intent_rules.h"
#include "core/plan/snapshot_of.h"

#include <QLoggingCategory>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

Q_LOGGING_CATEGORY(lcSwitchboard, "sallyport.switchboard")

constexpr std::chrono::milliseconds kBurst = 50ms; ///< a link that comes up sends a dozen events within it
constexpr std::chrono::milliseconds kRepairPause = 20ms; ///< whoever removes our tables in a loop gets no more of us
constexpr std::chrono::milliseconds kLongestPatience = 30s;
constexpr std::chrono::milliseconds kFresh = 1s; ///< what is asked for is not older
constexpr auto kHopefulLook = 2s; ///< an exit that does not answer may come back
constexpr std::chrono::milliseconds kFirstLook = 10ms;
constexpr std::chrono::milliseconds kSlowestStart = 250ms;
constexpr auto kWatchedLook = 1s;
constexpr auto kCalmLook = 30s;

bool isWaitedFor(Phase exit)
{
    return exit == Phase::Failed || exit == Phase::Stale;
}

void warn(const char *what, const Error &error)
{
    qCWarning(lcSwitchboard, "%s: %s (%s)", what, qUtf8Printable(error.detail), qUtf8Printable(error.place));
}

/// A peer with our own key is dropped by the kernel without a word.
Result<Done> checkOwnKey(const Configuration &configuration, const KnownSecrets &secrets)
{
    const auto own = secrets.find(homeSecretName());
    if (!configuration.home || own == secrets.end())
        return Done{};
    const auto &devices = configuration.home->devices;
    const auto same = std::ranges::find_if(devices, [&](const Device &device) {
        return device.name != configuration.home->device && device.publicKey == own->second.publicKey;
    });
    if (same == devices.end())
        return Done{};
    return Error{Errc::InvalidArgument, u"This is the key of this machine itself; %1 needs its own."_s.arg(same->name),
        u"home.devices[%1].publicKey"_s.arg(same - devices.begin())};
}

} // namespace

Switchboard::Switchboard(StateStore &store, SecretBox &secrets, Kernel &kernel, QObject *parent)
    : QObject(parent), m_store(store), m_secrets(secrets), m_reconciler(kernel)
{
    m_snapshot.helperVersion = QStringLiteral(SALLYPORT_VERSION);
    m_sinceSwitch.start();
    m_sinceLook.start();
    for (QTimer *timer : {&m_settle, &m_later, &m_look, &m_rest})
        timer->setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &Switchboard::reconcileInBackground);
    connect(&m_rest, &QTimer::timeout, this, &Switchboard::reconcileInBackground);
    connect(&m_later, &QTimer::timeout, this, &Switchboard::finishLater);
    connect(&m_look, &QTimer::timeout, this, &Switchboard::look);
}

Result<Done> Switchboard::start()
{
    auto stored = m_store.load();
    if (!stored)
        return stored.error();
    m_configuration = std::move(stored->configuration);
    m_intent = stored->intent;
    m_secrets = std::move(stored->secrets);
    m_lastError = stored->damage;
    if (m_lastError)
        warn("kept state", *m_lastError);
    reconcileInBackground();
    return Done{};
}

Result<Done> Switchboard::configure(const Configuration &configuration, const SecretBox &newSecrets)
{
    SecretBox secretsBefore = m_secrets.clone();
    m_secrets.merge(newSecrets, secretNames(configuration));
    const Intent intent = intentFor(m_intent, configuration);
    Result<Done> kept = checkOwnKey(configuration, m_secrets.known());
    if (kept)
        kept = m_store.saveConfiguration(configuration, m_secrets);
    if (!kept) {
        m_secrets = std::move(secretsBefore);
        return kept;
    }
    const auto observed = m_reconciler.reconcile(configuration, intent, m_secrets.known(), {intent.home, intent.exit});
    if (!observed) {
        const Error &reason = observed.error();
        m_secrets = std::move(secretsBefore);
        keep("configuration", m_store.saveConfiguration(m_configuration, m_secrets));
        return goBack(reason);
    }
    const Exit *before = findExit(m_configuration, intent.exitName);
    const Exit *after = findExit(configuration, intent.exitName);
    if (intent.exit && (!before || *before != *after))
        startWaiting();
    m_configuration = configuration;
    if (intent != m_intent)
        keep("intent", m_store.saveIntent(intent));
    m_intent = intent;
    accept(*observed);
    return Done{};
}

Result<Done> Switchboard::setIntent(const IntentChange &change)
{
    const auto next = changedIntent(m_intent, change, m_configuration);
    if (!next)
        return next.error();
    // Kept before it is made true: after a crash in between, the helper goes on instead of going back.
    if (const auto kept = m_store.saveIntent(*next); !kept)
        return kept.error();
    // A switch that is not asked for here may be broken: it must not keep the other one from working.
    const bool newExit = next->exit && (!m_intent.exit || next->exitName != m_intent.exitName);
    const auto observed
        = m_reconciler.reconcile(m_configuration, *next, m_secrets.known(), {next->home && !m_intent.home, newExit});
    if (!observed) {
        keep("intent", m_store.saveIntent(m_intent));
        return goBack(observed.error());
    }
    if (next->exit != m_intent.exit || next->exitName != m_intent.exitName)
        startWaiting();
    m_intent = *next;
    accept(*observed);
    return Done{};
}

void Switchboard::accept(const ObservedState &observed)
{
    m_lastError.reset();
    m_trouble.reset();
    m_patience = kBurst;
    publish(observed);
}

void Switchboard::reconcileSoon()
{
    if (!m_settle.isActive())
        m_settle.start(m_patience);
}

void Switchboard::setMesh(const MeshWord &word)
{
    m_reconciler.setMesh(word);
    reconcileSoon();
}

const Snapshot &Switchboard::freshSnapshot()
{
    if (m_sinceLook.hasExpired(kFresh.count()))
        look();
    return m_snapshot;
}

void Switchboard::repairTables(const QStringList &names, const QString &program)
{
    qCWarning(lcSwitchboard, "%s changed the firewall tables %s; putting them back",
        program.isEmpty() ? "somebody" : qUtf8Printable(program), qUtf8Printable(names.join(u", "_s)));
    const bool rested = !m_sinceRepair.isValid() || m_sinceRepair.hasExpired(kRepairPause.count());
    m_sinceRepair.start();
    if (rested)
        reconcileInBackground();
    else
        m_settle.start(kRepairPause);
}

void Switchboard::setWatched(bool watched)
{
    m_watched = watched;
    scheduleLook();
}

/// Undo is another plan: towards what was wanted before.
Result<Done> Switchboard::goBack(const Error &reason)
{
    m_lastError = reason;
    const auto observed = m_reconciler.reconcile(m_configuration, m_intent, m_secrets.known());
    if (observed)
        publish(*observed);
    else
        publishFailure(observed.error());
    return reason;
}

/// Failing is tried again, each time later: what failed may be what sends the events that bring us here.
void Switchboard::reconcileInBackground()
{
    const auto observed = m_reconciler.repair(m_configuration, m_intent, m_secrets.known());
    if (const auto rest = m_reconciler.rest())
        m_rest.start(*rest);
    if (observed) {
        m_trouble.reset();
        m_patience = kBurst;
        publish(*observed);
        return;
    }
    warn("reconciling", observed.error());
    m_trouble = observed.error();
    m_patience = std::min(m_patience * 2, kLongestPatience);
    m_settle.start(m_patience);
    look();
}

void Switchboard::look()
{
    m_sinceLook.restart();
    const auto observed = m_reconciler.observe();
    if (observed)
        publish(*observed);
    else
        publishFailure(observed.error());
    // What systemd-resolved forgets of a link it announces to nobody.
    if (observed && !dnsIsAsWanted(m_configuration, m_intent, *observed))
        reconcileSoon();
}

void Switchboard::publish(const ObservedState &observed)
{
    const auto waited = std::chrono::milliseconds(m_sinceSwitch.elapsed());
    Snapshot next = snapshotOf(m_configuration, m_intent, observed, waited);
    next.helperVersion = m_snapshot.helperVersion;
    const std::optional<Error> missing = m_reconciler.missing();
    next.lastError = m_trouble ? m_trouble : missing ? missing : m_lastError;
    next.revision = m_snapshot.revision;
    for (const Conflict &discomfort : m_reconciler.discomforts())
        next.conflicts.push_back(discomfort);
    m_later.start(0);
    const bool isNews = next != m_snapshot;
    const bool isTold = isNews && (m_watched || !saysTheSame(next, m_snapshot));
    if (isNews) {
        ++next.revision;
        m_snapshot = std::move(next);
    }
    scheduleLook();
    if (isTold)
        Q_EMIT changed(m_snapshot);
    Q_EMIT looked(observed);
}

/// What is could not be asked for: what was said last stays, with the reason.
void Switchboard::publishFailure(const Error &error)
{
    m_later.start(0);
    if (m_snapshot.lastError == error)
        return;
    m_snapshot.lastError = error;
    ++m_snapshot.revision;
    Q_EMIT changed(m_snapshot);
}

void Switchboard::finishLater()
{
    const auto settled = m_store.settle();
    keep("intent", settled);
    if (!settled && !m_trouble)
        publishFailure(settled.error()); // the answer is gone already
    if (!m_reconciler.hasLater())
        return;
    if (const auto done = m_reconciler.runLater(); !done)
        warn("cleaning up", done.error());
}

void Switchboard::keep(const char *what, const Result<Done> &kept)
{
    if (kept)
        return;
    warn(what, kept.error());
    m_lastError = kept.error();
}

void Switchboard::startWaiting()
{
    m_sinceSwitch.restart();
    m_waitStep = kFirstLook;
}

void Switchboard::scheduleLook()
{
    if (m_snapshot.exit.phase == Phase::Starting) {
        m_look.start(m_waitStep);
        m_waitStep = std::min(m_waitStep * 2, kSlowestStart);
    } else if (m_watched) {
        m_look.start(kWatchedLook);
    } else if (isWaitedFor(m_snapshot.exit.phase)) {
        m_look.start(kHopefulLook);
    } else if (m_snapshot.exit.phase != Phase::Off || m_snapshot.home.phase != Phase::Off) {
        m_look.start(kCalmLook);
    } else {
        m_look.stop();
    }
}

} // namespace sallyport
