// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/interruption.h"

#include <pthread.h>
#include <sys/signalfd.h>

namespace sallyport::cli {

namespace {

sigset_t interruptions()
{
    sigset_t signalSet;
    sigemptyset(&signalSet);
    sigaddset(&signalSet, SIGINT);
    sigaddset(&signalSet, SIGTERM);
    return signalSet;
}

int openBlocked(sigset_t &before)
{
    const sigset_t wanted = interruptions();
    pthread_sigmask(SIG_BLOCK, &wanted, &before);
    return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

} // namespace

Interruption::Interruption(QObject *parent)
    : QObject(parent), m_descriptor(openBlocked(m_before)), m_notifier(m_descriptor.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        signalfd_siginfo information{};
        if (::read(m_descriptor.get(), &information, sizeof information) == ssize_t(sizeof information))
            Q_EMIT arrived();
    });
}

Interruption::~Interruption()
{
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace sallyport::cli
