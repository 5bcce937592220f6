// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/session/preferences_file.h"

#include <vector>

namespace sallyport {

struct NetworkContact {
    QString host;
    QString purpose; ///< one sentence for the person
    bool isAllowed = true;
    QDateTime last; ///< invalid: never

    bool operator==(const NetworkContact &) const = default;
};

/// Every host outside that this program may ask by itself, each with a switch and the last time. The one gate: who sends a
/// request calls enter() for it first, and what is not declared here has no way out. Nothing here starts a request.
class NetworkContacts : public QObject {
    Q_OBJECT

public:
    explicit NetworkContacts(PreferencesFile &preferences, QObject *parent = nullptr);

    void declare(const QString &host, const QString &purpose);
    std::vector<NetworkContact> list() const;
    void allow(const QString &host, bool on);
    /// May this host be asked now? If so, this is the last time.
    bool enter(const QString &host);

Q_SIGNALS:
    void changed();

private:
    ContactRecord recordOf(const QString &host) const;
    void keep(const ContactRecord &record);

    PreferencesFile &m_preferences;
    std::vector<NetworkContact> m_declared;
};

} // namespace sallyport
