// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/polkit/polkit_qt_authorizer.h"

#include "helper/polkit/polkit_thread.h"

namespace sallyport {

PolkitQtAuthorizer::PolkitQtAuthorizer(const QDBusConnection &bus, AuthorizationLimits limits)
    : PolkitAuthorizer(bus, limits)
{
    m_thread = std::make_unique<PolkitThread>([this](quint64 request, const Result<Done> &result) {
        QMetaObject::invokeMethod(
            this, [this, request, result] { settle(request, result); }, Qt::QueuedConnection);
    });
}

/// The thread ends before the object that it reports to.
PolkitQtAuthorizer::~PolkitQtAuthorizer()
{
    m_thread.reset();
}

void PolkitQtAuthorizer::ask(quint64 request, const QString &action, const QString &busName)
{
    m_thread->check(request, action, busName);
}

void PolkitQtAuthorizer::abandon(quint64 request)
{
    m_thread->cancel(request);
}

} // namespace sallyport
