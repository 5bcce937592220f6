// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/session/autostart.h"
#include "app/setup/import_offer.h"
#include "app/setup/phone_session.h"
#include "app/wizard/screen_picture.h"
#include "app/wizard/setup_wizard.h"

namespace sallyport {

/// Behind the wizard: knows what exists, keeps the draft, and carries out what the person decided.
class SetupDesk : public QObject {
    Q_OBJECT

public:
    struct Parts {
        HelperClient &client;
        Store &store;
        Autostart autostart;
        QString draftPath; ///< empty: nothing is kept, and nothing is offered
        PhoneSession::Clock clock;
    };

    explicit SetupDesk(Parts parts, QObject *parent = nullptr);

    SetupWizard &wizard() { return *m_wizard; }
    PhoneSession &phone() { return m_phone; }
    /// Opens it where the person was last time.
    void open();
    void openFiles(const QStringList &paths);
    /// At the start of the program: takes back what an earlier run left, and offers itself where there is nothing yet.
    void begin(bool mayOffer);
    bool needsWatch() const { return m_phone.needsWatch(); }

Q_SIGNALS:
    void watchChanged();
    void accountRequested();

private:
    using Page = SetupWizard::Page;

    void connectPages();
    void followStore();
    void choose(WizardTask task);
    void goNext();
    void goBack();
    void refresh();
    void edited();
    void propose();
    void createHome();
    void takeOver();
    void addDevice();
    void addDeviceExit(const QString &name);
    void saveDeviceFile();
    void startPhone();
    void showPhone();
    void chooseFile();
    void readClipboard();
    void readPicture(const Result<QImage> &picture);
    void offer(Result<ImportOffer> read);
    void carryOut(Edit edit, const QString &done);
    void finish(const QString &done);
    void keep();
    void closed();
    Result<std::optional<HostEndpoint>> reachedAt() const;
    ImportSource source(const QString &name) const;

    Parts m_parts;
    DraftFile m_file;
    Configurator m_configurator;
    PhoneSession m_phone;
    ScreenPicture m_screen;
    std::unique_ptr<SetupWizard> m_wizard;
    Configuration m_configuration;
    std::shared_ptr<ImportOffer> m_offer;
    SecretText m_conf; ///< of the device just added, until the page is left
    bool m_mayOffer = false;
    bool m_isBusy = false;
};

} // namespace sallyport
