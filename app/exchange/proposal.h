// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_key.h"
#include "core/model/configuration.h"

#include <QVariantMap>

#include <functional>
#include <vector>

namespace sallyport {

struct NamedSecret {
    QString name; ///< as core/model/configuration.h names secrets
    SecretKey key;
};

/// What a command wants to configure. Move-only, because it carries keys.
struct Proposal {
    Configuration configuration;
    std::vector<NamedSecret> secrets;
    QStringList notes; ///< for the person, before anything happens
    QStringList reportLines; ///< printed before anything happens
    QVariantMap report; ///< the same for `--json`
};

/// Makes a proposal out of what is configured now. Called once.
using Edit = std::function<Result<Proposal>(const Configuration &present)>;

Error noHome();

/// What the helper will do with it: the same checks, before anybody is asked for a password.
Result<Configuration> checked(const Configuration &configuration);

} // namespace sallyport
