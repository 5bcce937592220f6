// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"

#include <QString>

namespace sallyport {

/// Where operations find the secrets they name.
class Secrets {
public:
    virtual ~Secrets() = default;
    /// nullptr: there is no such secret. Valid until the next change of the store.
    virtual const SecretKey *find(const QString &name) const = 0;
};

} // namespace sallyport
