// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

namespace sallyport {

/// `org.sallyport.Error.InvalidArgument` and so on; one name for each Errc.
QString dbusName(Errc code);
/// The way back; names that are not ours (NoReply, ServiceUnknown, …) become the nearest Errc.
Errc errcFromDbusName(const QString &name);
/// `invalid-argument`: for JSON.
QString jsonName(Errc code);
Errc errcFromJsonName(const QString &name);

} // namespace sallyport
