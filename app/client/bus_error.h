// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QDBusError>
#include <QDBusMessage>
#include <QDBusReply>
#include <QDBusVariant>

namespace sallyport {

Error noBus();
/// Helper and front end do not understand each other.
Error otherVersion(const QString &detail);
/// What a refused call means. `reply` tells a helper that was too slow from one that died.
Error errorOf(const QDBusError &error, const QDBusMessage &reply);
/// The interface name carries the major version; a helper of a later minor version understands us, an earlier one may
/// not.
Result<Done> checkApiVersion(const QDBusReply<QDBusVariant> &answer);

} // namespace sallyport
