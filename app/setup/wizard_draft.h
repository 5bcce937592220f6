// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/public_key.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

namespace sallyport {

/// What a person wants of the wizard.
enum class WizardTask { None, CreateHome, Import, AddDevice, AddPhone, AddExit };

/// A phone that has been shown a code and has not answered yet. Its private half is in no file.
struct PendingPhone {
    QString name;
    PublicKey publicKey;
    std::chrono::sys_seconds expires{};

    bool operator==(const PendingPhone &) const = default;
};

/// All that the wizard remembers between two steps and two runs. Holds no secret and never will: it is a file.
struct WizardDraft {
    WizardTask task = WizardTask::None; ///< none: nothing was left half-way
    QString homeName;
    QString deviceName; ///< of this machine
    QString ipv4; ///< as typed
    QString ipv6;
    QString newDeviceName;
    int newDeviceKind = 0;
    QString reachedAt; ///< where the others reach this machine, as typed
    std::optional<PendingPhone> phone;

    bool operator==(const WizardDraft &) const = default;
};

QByteArray encodeDraft(const WizardDraft &draft);
/// Lenient: another version may have written it. What cannot be read is left empty.
WizardDraft decodeDraft(const QByteArray &json);

} // namespace sallyport
