// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/client/store.h"
#include "app/exchange/qr_code.h"
#include "app/setup/configurator.h"
#include "app/setup/draft_file.h"
#include "app/setup/new_home.h"
#include "app/setup/phone_state.h"

namespace sallyport {

/// One phone from its code to its handshake. The private half exists in the code alone, and is forgotten with it; the
/// public half is a device of Home from the moment the code can be seen, and is taken back unless the phone answers.
class PhoneSession : public QObject {
    Q_OBJECT

public:
    enum class Stage { Idle, Preparing, Waiting, Joined, Expired, Failed };
    using Clock = std::function<std::chrono::sys_seconds()>;
    struct Parts {
        HelperClient &client;
        Store &store;
        Configurator &configurator;
        DraftFile &file;
        Clock clock;
    };

    explicit PhoneSession(Parts parts, QObject *parent = nullptr);

    void start(const QString &name, const std::optional<HostEndpoint> &reachedAt);
    void cancel();
    /// Looks what became of a phone that an earlier run left waiting.
    void recover();
    /// Looks at the clock; by itself once a second while it waits.
    void tick();

    Stage stage() const { return m_stage; }
    const std::optional<QrCode> &code() const { return m_code; } ///< only while it waits
    const Error &error() const { return m_error; } ///< only when it failed
    QString name() const;
    std::chrono::seconds remaining() const;
    /// Handshakes are told only to who watches.
    bool needsWatch() const { return m_stage == Stage::Waiting || m_isRecovering; }

Q_SIGNALS:
    void changed();

private:
    Result<Proposal> edit(const Configuration &present, const QString &name, const std::optional<HostEndpoint> &at);
    void configured(const Result<Done> &answer);
    void follow();
    void keep();
    void takeBack(Stage stage);
    /// False: the note could not be written.
    bool remember(const std::optional<PendingPhone> &phone);
    void enter(Stage stage);

    Parts m_parts;
    QTimer m_timer;
    Stage m_stage = Stage::Idle;
    std::optional<QrCode> m_code;
    std::optional<QrCode> m_next; ///< until the helper knows the phone
    Error m_error;
    QString m_name;
    bool m_isRecovering = false;
    quint64 m_round = 0; ///< answers of an earlier start do not count
};

} // namespace sallyport
