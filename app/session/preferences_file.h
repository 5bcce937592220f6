// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/preferences.h"

#include <QObject>

namespace sallyport {

/// The preferences as a JSON file. Read once; written at every change. A file that cannot be read is kept aside as
/// `.broken`, and told.
class PreferencesFile : public QObject {
    Q_OBJECT

public:
    explicit PreferencesFile(QString path, QObject *parent = nullptr);

    const Preferences &values() const { return m_values; }
    void change(const Preferences &values);
    /// Where an unreadable file was put; empty: it was fine.
    const QString &keptAside() const { return m_keptAside; }

Q_SIGNALS:
    void changed();
    /// The file could not be written; what was changed holds until the application ends.
    void notSaved(const QString &path);

private:
    void read();
    bool write() const;

    QString m_path;
    QString m_keptAside;
    Preferences m_values;
};

} // namespace sallyport
