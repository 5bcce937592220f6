// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/helper_client.h"

namespace sallyport {

/// Reads the configuration, changes it, hands over one key under several names, and gives it back. The helper asks whoever may
/// decide; nothing is half-applied.
class ConfigurationChange : public QObject {
    Q_OBJECT

public:
    using Edit = std::function<Configuration(const Configuration &present)>;
    /// Which secrets the changed configuration needs anew.
    using Names = std::function<QStringList(const Configuration &changed)>;

    struct Wanted {
        Edit edit;
        Names secrets; ///< none: no key changes
        std::optional<SecretKey> key; ///< what they all are
    };

    /// Deletes itself after the answer, which does not come once `context` is gone.
    static void start(HelperClient &client, Wanted wanted, QObject *context, HelperClient::Reply reply);

private:
    ConfigurationChange(HelperClient &client, Wanted wanted, QObject *context, HelperClient::Reply reply);
    void havePresent(const Result<Configuration> &present);
    void provideNext();
    void finish(const Result<Done> &answer);

    HelperClient &m_client;
    HelperClient::Reply m_reply;
    Wanted m_wanted;
    Configuration m_changed;
    QStringList m_secrets;
};

} // namespace sallyport
