// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/setup_desk.h"

#include "app/wizard/error_sentence.h"

#include <QHostAddress>
#include <QNetworkInterface>
#include <QRandomGenerator>
#include <QSysInfo>

#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

quint32 rolled(quint32 bound)
{
    return QRandomGenerator::system()->bounded(bound);
}

SetupWizard::Page pageOf(WizardTask task)
{
    switch (task) {
    case WizardTask::None:
        return SetupWizard::Page::Start;
    case WizardTask::CreateHome:
        return SetupWizard::Page::Home;
    case WizardTask::Import:
        return SetupWizard::Page::Import;
    case WizardTask::AddDevice:
        return SetupWizard::Page::Device;
    case WizardTask::AddPhone:
        return SetupWizard::Page::Phone;
    case WizardTask::AddExit:
        return SetupWizard::Page::Exit;
    }
    Q_UNREACHABLE();
}

/// Where a device on the same network finds this computer.
QString ownAddress()
{
    for (const QNetworkInterface &link : QNetworkInterface::allInterfaces()) {
        const bool isUp = link.flags().testFlag(QNetworkInterface::IsUp);
        const bool isTunnel = link.type() != QNetworkInterface::Ethernet && link.type() != QNetworkInterface::Wifi;
        if (!isUp || isTunnel || link.name().startsWith(u"sally-"_s))
            continue;
        for (const QNetworkAddressEntry &entry : link.addressEntries()) {
            if (entry.ip().protocol() == QAbstractSocket::IPv4Protocol && !entry.ip().isLinkLocal())
                return entry.ip().toString();
        }
    }
    return {};
}

} // namespace

SetupDesk::SetupDesk(Parts parts, QObject *parent)
    : QObject(parent), m_parts(std::move(parts)), m_file(m_parts.draftPath), m_configurator(m_parts.client),
      m_phone({m_parts.client, m_parts.store, m_configurator, m_file, m_parts.clock}),
      m_screen(QDBusConnection::sessionBus()), m_wizard(std::make_unique<SetupWizard>())
{
    connectPages();
    connect(&m_parts.store, &Store::changed, this, &SetupDesk::followStore);
    connect(&m_phone, &PhoneSession::changed, this, &SetupDesk::showPhone);
    connect(&m_screen, &ScreenPicture::taken, this, &SetupDesk::readPicture);
}

void SetupDesk::connectPages()
{
    SetupWizard &wizard = *m_wizard;
    connect(&wizard, &SetupWizard::nextRequested, this, &SetupDesk::goNext);
    connect(&wizard, &SetupWizard::backRequested, this, &SetupDesk::goBack);
    connect(&wizard, &SetupWizard::closed, this, &SetupDesk::closed);
    connect(&wizard, &SetupWizard::filesDropped, this, [this](const QStringList &paths) { openFiles(paths); });
    connect(&wizard.start(), &StartPage::chosen, this, &SetupDesk::choose);
    connect(&wizard.home(), &HomePage::edited, this, &SetupDesk::edited);
    connect(&wizard.home(), &HomePage::proposalRequested, this, &SetupDesk::propose);
    connect(&wizard.import(), &ImportPage::fileRequested, this, &SetupDesk::chooseFile);
    connect(&wizard.import(), &ImportPage::clipboardRequested, this, &SetupDesk::readClipboard);
    connect(&wizard.import(), &ImportPage::screenRequested, &m_screen, &ScreenPicture::take);
    connect(&wizard.device(), &DevicePage::edited, this, &SetupDesk::edited);
    connect(&wizard.device(), &DevicePage::saveRequested, this, &SetupDesk::saveDeviceFile);
    connect(&wizard.phone(), &DevicePage::edited, this, &SetupDesk::edited);
    connect(&wizard.exit(), &ExitPage::accountRequested, this, &SetupDesk::accountRequested);
    connect(&wizard.exit(), &ExitPage::importRequested, this, [this] { choose(WizardTask::Import); });
    connect(&wizard.exit(), &ExitPage::deviceChosen, this, &SetupDesk::addDeviceExit);
    connect(&wizard.end(), &EndPage::startAtLoginRequested, this, [this](bool on) {
        if (const auto set = m_parts.autostart.set(on); !set)
            m_wizard->showTrouble(errorSentence(set.error()));
        m_wizard->end().show(tr("All is set up."), m_parts.autostart.isOn());
    });
}

void SetupDesk::begin(bool mayOffer)
{
    m_mayOffer = mayOffer && !m_parts.draftPath.isEmpty();
    m_phone.recover();
    Q_EMIT watchChanged();
}

void SetupDesk::followStore()
{
    const Snapshot &snapshot = m_parts.store.snapshot();
    if (m_parts.store.link().state != Link::State::Connected || !m_mayOffer)
        return;
    m_mayOffer = false;
    if (!snapshot.home.configured && snapshot.exit.available.isEmpty())
        open();
}

void SetupDesk::open()
{
    m_wizard->show();
    m_wizard->raise();
    m_wizard->activateWindow();
    m_parts.client.fetchConfiguration(this, [this](const Result<Configuration> &present) {
        if (present)
            m_configuration = *present;
        else
            m_wizard->showTrouble(errorSentence(present.error()));
        refresh();
    });
}

void SetupDesk::refresh()
{
    m_wizard->start().show(m_configuration.home.has_value(), m_file.draft().task);
    QStringList names;
    if (m_configuration.home) {
        for (const Device *device : peersOf(*m_configuration.home))
            names += device->name;
    }
    m_wizard->exit().showDevices(names);
}

void SetupDesk::choose(WizardTask task)
{
    WizardDraft draft = m_file.draft();
    draft.task = task;
    if (draft.deviceName.isEmpty())
        draft.deviceName = QSysInfo::machineHostName();
    if (draft.homeName.isEmpty())
        draft.homeName = tr("Home");
    if (draft.reachedAt.isEmpty())
        draft.reachedAt = ownAddress();
    m_file.keep(draft);
    m_wizard->import().clear();
    m_wizard->device().showForm(draft);
    m_wizard->phone().showForm(draft);
    m_wizard->setPage(pageOf(task));
    if (task == WizardTask::CreateHome && draft.ipv4.isEmpty())
        propose();
    else
        m_wizard->home().show(draft, networksInSight(m_configuration));
    edited();
}

void SetupDesk::propose()
{
    const std::vector<SeenNetwork> seen = networksInSight(m_configuration);
    const MeshPrefixes proposed = proposePrefixes(seen, rolled);
    WizardDraft draft = m_file.draft();
    if (m_wizard->home().isVisible() && !draft.ipv4.isEmpty())
        m_wizard->home().fill(draft);
    draft.ipv4 = proposed.ipv4.toCidr();
    draft.ipv6 = proposed.ipv6.toCidr();
    m_file.keep(draft);
    m_wizard->home().show(draft, seen);
    edited();
}

/// What was typed is kept at once: the next moment may be the last of this program.
void SetupDesk::keep()
{
    WizardDraft draft = m_file.draft();
    if (m_wizard->page() == Page::Home)
        m_wizard->home().fill(draft);
    if (m_wizard->page() == Page::Device)
        m_wizard->device().fill(draft);
    if (m_wizard->page() == Page::Phone)
        m_wizard->phone().fill(draft);
    m_file.keep(draft);
}

void SetupDesk::edited()
{
    keep();
    const bool isFree = !m_isBusy;
    switch (m_wizard->page()) {
    case Page::Home:
        return m_wizard->setNext(tr("&Create"), isFree && m_wizard->home().plan().has_value());
    case Page::Import:
        return m_wizard->setNext(tr("&Take over"), isFree && m_offer != nullptr);
    case Page::Device:
        return m_wizard->setNext(m_conf.size() > 0 ? tr("&Done") : tr("Make its &file"),
            isFree && (m_conf.size() > 0 || m_wizard->device().isComplete()));
    case Page::Phone:
        return showPhone();
    case Page::Start:
    case Page::Exit:
        return m_wizard->setNext({}, false);
    case Page::End:
        return m_wizard->setNext(tr("Set up &more"), true);
    }
}

void SetupDesk::goBack()
{
    m_phone.cancel();
    m_offer.reset();
    m_conf = {};
    WizardDraft draft = m_file.draft();
    draft.task = WizardTask::None;
    m_file.keep(draft);
    m_wizard->setPage(Page::Start);
    refresh();
}

void SetupDesk::goNext()
{
    switch (m_wizard->page()) {
    case Page::Home:
        return createHome();
    case Page::Import:
        return takeOver();
    case Page::Device:
        return m_conf.size() > 0 ? finish(tr("The device is a part of your Home.")) : addDevice();
    case Page::Phone:
        return m_phone.stage() == PhoneSession::Stage::Joined ? finish(tr("The phone is a part of your Home."))
                                                              : startPhone();
    case Page::End:
        return goBack();
    case Page::Start:
    case Page::Exit:
        return;
    }
}

void SetupDesk::carryOut(Edit edit, const QString &done)
{
    m_isBusy = true;
    edited();
    m_wizard->showTrouble({});
    m_configurator.apply(std::move(edit), this, [this, done](const Result<Done> &answer) {
        m_isBusy = false;
        if (answer && !done.isEmpty())
            return finish(done);
        if (!answer) {
            m_conf = {};
            m_wizard->showTrouble(errorSentence(answer.error()));
        }
        edited();
    });
}

/// Nothing is half-way any more, and the next time begins with empty fields.
void SetupDesk::finish(const QString &done)
{
    m_phone.cancel();
    m_offer.reset();
    m_conf = {};
    WizardDraft empty;
    empty.phone = m_file.draft().phone;
    m_file.keep(empty);
    m_wizard->setPage(Page::End);
    m_wizard->end().show(done, m_parts.autostart.isOn());
    edited();
    m_parts.client.fetchConfiguration(this, [this](const Result<Configuration> &present) {
        if (present)
            m_configuration = *present;
    });
}

/// A code that nobody looks at any more is worth nothing.
void SetupDesk::closed()
{
    keep();
    m_phone.cancel();
    m_offer.reset();
    m_conf = {};
    m_wizard->setPage(Page::Start);
    refresh();
}

} // namespace sallyport
