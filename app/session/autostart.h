// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QString>

namespace sallyport {

/// Whether the desktop starts us at login: a desktop file in the person's autostart folder.
class Autostart {
public:
    /// `folder` is `~/.config/autostart`; `program` what is to be started.
    Autostart(const QString &folder, QString program);

    bool isOn() const;
    Result<Done> set(bool on) const;

private:
    QString m_file;
    QString m_program;
};

} // namespace sallyport
