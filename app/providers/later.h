// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QMetaObject>
#include <QPointer>

namespace sallyport {

/// Calls from the event loop, unless `context` is gone by then: an answer never comes before the question has returned.
template<class Call>
void later(QObject *self, QObject *context, Call call)
{
    QMetaObject::invokeMethod(
        self,
        [call = std::move(call), guard = QPointer<QObject>(context)] {
            if (guard)
                call();
        },
        Qt::QueuedConnection);
}

} // namespace sallyport
