// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"

#include <QStringList>

namespace sallyport {

/// Writes the lines of a `.conf`. After beginCommented() everything is written behind `# ` until the next section.
class ConfWriter {
public:
    void beginSection(const char *name);
    void beginCommented(const char *name);
    void setting(const char *key, const QString &value);
    void setting(const char *key, const QStringList &values); ///< nothing if empty; long lists on several lines
    void secret(const char *key, const SecretKey &value);
    void annotation(const char *key, const QString &value); ///< quoted where needed
    void rawAnnotation(const char *key, const QString &value);
    void remark(const QString &text);

    /// Refuses what importing would refuse: too long a file.
    Result<SecretText> finish() &&;

private:
    void line(const QString &text);

    SecretText m_text;
    bool m_commented = false;
};

} // namespace sallyport
