// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/output_watch.h"

#include <sys/epoll.h>

namespace sallyport::cli {

namespace {

/// An epoll instance asked for no event at all is told of EPOLLERR and EPOLLHUP only. A QSocketNotifier on standard
/// output itself would also wake up for what is typed into a terminal. Files cannot be watched, and do not close.
int openWatch()
{
    const int watch = epoll_create1(EPOLL_CLOEXEC);
    epoll_event nothing{};
    if (watch >= 0)
        epoll_ctl(watch, EPOLL_CTL_ADD, STDOUT_FILENO, &nothing);
    return watch;
}

} // namespace

OutputWatch::OutputWatch(QObject *parent)
    : QObject(parent), m_descriptor(openWatch()), m_notifier(m_descriptor.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
        m_notifier.setEnabled(false);
        Q_EMIT closed();
    });
}

} // namespace sallyport::cli
