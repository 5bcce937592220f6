// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/polkit/polkit_thread.h"

#include "helper/handle.h"
#include "helper/polkit/polkit_verdict.h"

#include <QCoreApplication>
#include <QThread>

#include <PolkitQt1/Authority>
#include <PolkitQt1/Subject>
#include <unordered_map>

#define POLKIT_AGENT_I_KNOW_API_IS_SUBJECT_TO_CHANGE
#include <polkit/polkit.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

using ErrorPointer = std::unique_ptr<GError, Deleter<g_error_free>>;
using Cancellable = std::unique_ptr<GCancellable, Deleter<g_object_unref>>;
using Verdict = std::unique_ptr<PolkitAuthorizationResult, Deleter<g_object_unref>>;

QString messageOf(const ErrorPointer &error)
{
    return error ? QString::fromUtf8(error->message) : QString();
}

} // namespace

struct PolkitThreadState {
    GMainContext *context = g_main_context_new();
    GMainLoop *loop = g_main_loop_new(context, FALSE);
    Cancellable closing{g_cancellable_new()};
    PolkitThread::Report report;
    PolkitQt1::Authority *authority = nullptr; ///< once polkit has answered for the first time
    std::unordered_map<quint64, Cancellable> waiting;

    ~PolkitThreadState()
    {
        g_main_loop_unref(loop);
        g_main_context_unref(context);
    }
    void run();
    Result<Done> connect();
    void check(quint64 request, const QString &action, const QString &busName);
    void finish(quint64 request, const Result<Done> &result);
    void close();
};

namespace {

struct Check {
    PolkitThreadState *state;
    quint64 request;
};

void checked(GObject *source, GAsyncResult *outcome, gpointer data)
{
    const std::unique_ptr<Check> check(static_cast<Check *>(data));
    GError *raw = nullptr;
    const Verdict verdict(polkit_authority_check_authorization_finish(POLKIT_AUTHORITY(source), outcome, &raw));
    const ErrorPointer error(raw);
    if (!verdict) {
        check->state->finish(check->request, polkitUnavailable(messageOf(error)));
        return;
    }
    PolkitVerdict values;
    values.authorized = polkit_authorization_result_get_is_authorized(verdict.get()) != FALSE;
    values.challenge = polkit_authorization_result_get_is_challenge(verdict.get()) != FALSE;
    values.dismissed = polkit_authorization_result_get_dismissed(verdict.get()) != FALSE;
    check->state->finish(check->request, resultOf(values));
}

} // namespace

void PolkitThreadState::run()
{
    g_main_context_push_thread_default(context);
    g_main_loop_run(loop);
    g_main_context_pop_thread_default(context);
}

/// polkit-qt never recovers from an authority that it could not get, so it is given one that works.
Result<Done> PolkitThreadState::connect()
{
    if (authority)
        return Done{};
    GError *raw = nullptr;
    GDBusConnection *bus = g_bus_get_sync(G_BUS_TYPE_SYSTEM, closing.get(), &raw);
    if (!bus)
        return polkitUnavailable(messageOf(ErrorPointer(raw)));
    // GLib would end the process when the bus goes; whether to end is the helper's own business.
    g_dbus_connection_set_exit_on_close(bus, FALSE);
    g_object_unref(bus);
    PolkitAuthority *polkit = polkit_authority_get_sync(closing.get(), &raw);
    if (!polkit)
        return polkitUnavailable(messageOf(ErrorPointer(raw)));
    authority = PolkitQt1::Authority::instance(polkit);
    // It listens to the bus, and this thread runs no event loop of Qt that could take the events away again.
    if (authority->thread() == QThread::currentThread())
        authority->moveToThread(QCoreApplication::instance()->thread());
    return Done{};
}

void PolkitThreadState::check(quint64 request, const QString &action, const QString &busName)
{
    if (const Result<Done> connected = connect(); !connected) {
        report(request, connected.error());
        return;
    }
    const PolkitQt1::SystemBusNameSubject subject(busName);
    const auto [entry, added] = waiting.emplace(request, g_cancellable_new());
    polkit_authority_check_authorization(authority->polkitAuthority(), subject.subject(), action.toUtf8().constData(),
        nullptr, POLKIT_CHECK_AUTHORIZATION_FLAGS_ALLOW_USER_INTERACTION, entry->second.get(), checked,
        new Check{this, request});
}

void PolkitThreadState::finish(quint64 request, const Result<Done> &result)
{
    waiting.erase(request);
    report(request, result);
    if (waiting.empty() && g_cancellable_is_cancelled(closing.get()))
        g_main_loop_quit(loop);
}

void PolkitThreadState::close()
{
    for (const auto &[request, cancellable] : waiting)
        g_cancellable_cancel(cancellable.get());
    if (waiting.empty())
        g_main_loop_quit(loop);
}

PolkitThread::PolkitThread(Report report) : m_state(std::make_unique<PolkitThreadState>())
{
    m_state->report = std::move(report);
    m_thread = std::thread([state = m_state.get()] { state->run(); });
}

PolkitThread::~PolkitThread()
{
    g_cancellable_cancel(m_state->closing.get());
    post([state = m_state.get()] { state->close(); });
    m_thread.join();
}

void PolkitThread::check(quint64 request, const QString &action, const QString &busName)
{
    post([state = m_state.get(), request, action, busName] { state->check(request, action, busName); });
}

void PolkitThread::cancel(quint64 request)
{
    post([state = m_state.get(), request] {
        const auto found = state->waiting.find(request);
        if (found != state->waiting.end())
            g_cancellable_cancel(found->second.get());
    });
}

/// Always through the loop, never in the caller's thread, as g_main_context_invoke would do when it can.
void PolkitThread::post(std::function<void()> task)
{
    using Task = std::function<void()>;
    GSource *source = g_idle_source_new();
    g_source_set_priority(source, G_PRIORITY_DEFAULT);
    g_source_set_callback(
        source,
        [](gpointer data) -> gboolean {
            (*static_cast<Task *>(data))();
            return G_SOURCE_REMOVE;
        },
        new Task(std::move(task)), [](gpointer data) { delete static_cast<Task *>(data); });
    g_source_attach(source, m_state->context);
    g_source_unref(source);
}

} // namespace sallyport
