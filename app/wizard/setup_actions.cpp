// SPDX-License-Identifier: GPL-2.0-or-later
// The part of the desk that makes and reads.
#include "app/exchange/bare_conf.h"
#include "app/exchange/edits.h"
#include "app/exchange/input_file.h"
#include "app/setup/qr_image.h"
#include "app/wizard/error_sentence.h"
#include "app/wizard/setup_desk.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QRandomGenerator>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kServer = 2; ///< the last kind on the page

quint32 rolled(quint32 bound)
{
    return QRandomGenerator::system()->bounded(bound);
}

} // namespace

void SetupDesk::createHome()
{
    auto plan = m_wizard->home().plan();
    if (!plan)
        return;
    plan->listenPort = proposeListenPort(rolled);
    carryOut([plan = *plan](const Configuration &present) { return withNewHome(present, plan); },
        tr("Your Home is there, with this computer in it. Add a phone or another device next."));
}

void SetupDesk::takeOver()
{
    if (m_offer)
        carryOut(editFor(m_offer, m_wizard->import().mayReplace()),
            tr("It is taken over. Both switches are in the window."));
}

/// An address without a port means ours.
Result<std::optional<HostEndpoint>> SetupDesk::reachedAt() const
{
    const QString text = m_file.draft().reachedAt.trimmed();
    if (text.isEmpty() || !m_configuration.home)
        return std::optional<HostEndpoint>();
    auto endpoint = HostEndpoint::parse(text);
    if (!endpoint) {
        const bool isBareIpv6 = text.count(u':') > 1 && !text.startsWith(u'[');
        endpoint = HostEndpoint::parse(
            (isBareIpv6 ? u"[%1]:%2"_s : u"%1:%2"_s).arg(text).arg(m_configuration.home->listenPort));
    }
    if (!endpoint)
        return Error{Errc::InvalidArgument,
            tr("Write where it reaches this computer like 192.168.1.20 or home.example.org:51820."), {}};
    return std::optional(*endpoint);
}

void SetupDesk::addDevice()
{
    keep();
    const auto at = reachedAt();
    if (!at)
        return m_wizard->showTrouble(errorSentence(at.error()));
    const WizardDraft draft = m_file.draft();
    carryOut(
        [this, draft, at = *at](const Configuration &present) -> Result<Proposal> {
            if (!present.home)
                return noHome();
            auto made = makeDevice(*present.home, draft.newDeviceName);
            if (!made)
                return made.error();
            made->device.offersExit = draft.newDeviceKind == kServer;
            auto conf = confFor(*present.home, *made, m_parts.store.snapshot().home.publicKey, at);
            if (!conf)
                return conf.error();
            const auto code = QrCode::encode(withoutComments(*conf).view());
            m_conf = std::move(*conf);
            m_wizard->device().showCode(code ? std::optional(*code) : std::nullopt,
                tr("Save the file, bring it to “%1”, and import it there; or scan the code. It is shown only now.")
                    .arg(made->device.name));
            m_wizard->device().showSaveable(true);
            return withDevice(present, made->device);
        },
        {});
}

void SetupDesk::saveDeviceFile()
{
    auto *dialog = new QFileDialog(m_wizard.get(), tr("Save its file"), {}, tr("WireGuard configuration (*.conf)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"conf"_s);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // an existing file is never overwritten
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        const auto written = writeNewFile(path, m_conf.view());
        m_wizard->showTrouble(
            written ? tr("Saved as %1. Delete it when the device has it.").arg(path) : errorSentence(written.error()));
    });
    dialog->open();
}

void SetupDesk::addDeviceExit(const QString &name)
{
    carryOut(
        [name](const Configuration &present) -> Result<Proposal> {
            Configuration next = present;
            next.exits.push_back(Exit{name, DeviceExit{name}});
            auto valid = checked(next);
            if (!valid)
                return valid.error();
            Proposal proposal;
            proposal.configuration = std::move(*valid);
            return proposal;
        },
        tr("“%1” can be chosen as an exit now.").arg(name));
}

void SetupDesk::startPhone()
{
    keep();
    const auto at = reachedAt();
    if (!at)
        return m_wizard->showTrouble(errorSentence(at.error()));
    m_wizard->showTrouble({});
    m_phone.start(m_file.draft().newDeviceName, *at);
}

void SetupDesk::showPhone()
{
    Q_EMIT watchChanged();
    if (m_wizard->page() != Page::Phone)
        return;
    using Stage = PhoneSession::Stage;
    DevicePage &page = m_wizard->phone();
    const QString again = tr("Make a new &code");
    switch (m_phone.stage()) {
    case Stage::Idle:
        return m_wizard->setNext(tr("&Show the code"), page.isComplete());
    case Stage::Preparing:
        return m_wizard->setNext(tr("&Show the code"), false);
    case Stage::Waiting:
        page.showCode(m_phone.code(),
            tr("Waiting for the phone… The code is good for another %1 min.")
                .arg((m_phone.remaining().count() + 59) / 60));
        return m_wizard->setNext({}, false);
    case Stage::Joined:
        page.showCode(std::nullopt, tr("✓ “%1” has answered. This code is used up.").arg(m_phone.name()));
        return m_wizard->setNext(tr("&Done"), true);
    case Stage::Expired:
        page.showCode(std::nullopt, tr("The phone has not answered in time. The code is good for nothing now."));
        return m_wizard->setNext(again, true);
    case Stage::Failed:
        m_wizard->showTrouble(errorSentence(m_phone.error()));
        return m_wizard->setNext(again, page.isComplete());
    }
}

ImportSource SetupDesk::source(const QString &name) const
{
    ImportSource from;
    from.name = name;
    for (const Exit &exit : m_configuration.exits)
        from.takenExitNames += exit.name;
    return from;
}

void SetupDesk::chooseFile()
{
    auto *dialog = new QFileDialog(m_wizard.get(), tr("Open a configuration or a picture of a code"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this,
        [this](const QString &path) { offer(readOfferFile(path, source({}))); });
    dialog->open();
}

void SetupDesk::openFiles(const QStringList &paths)
{
    if (!m_wizard->isVisible())
        open();
    choose(WizardTask::Import);
    if (paths.size() == 1)
        return offer(readOfferFile(paths.first(), source({})));
    m_wizard->showTrouble(tr("One file at a time, please, or an archive of them."));
}

void SetupDesk::readClipboard()
{
    const QMimeData *data = QGuiApplication::clipboard()->mimeData();
    if (data && data->hasImage())
        return readPicture(qvariant_cast<QImage>(data->imageData()));
    QByteArray text = data ? data->text().toUtf8() : QByteArray();
    if (text.size() > qsizetype(kMaximumZipSize))
        text.clear();
    if (text.trimmed().isEmpty())
        return m_wizard->showTrouble(tr("There is neither text nor a picture in the clipboard."));
    offer(readOffer(std::span(text.constData(), std::size_t(text.size())), source(tr("clipboard"))));
    sodium_memzero(text.data(), std::size_t(text.size()));
}

void SetupDesk::readPicture(const Result<QImage> &picture)
{
    if (!picture)
        return m_wizard->showTrouble(errorSentence(picture.error()));
    const auto text = readCode(*picture);
    if (!text)
        return m_wizard->showTrouble(errorSentence(text.error()));
    offer(readOffer(text->view(), source(tr("code"))));
}

void SetupDesk::offer(Result<ImportOffer> read)
{
    m_offer.reset();
    if (read) {
        m_offer = std::make_shared<ImportOffer>(std::move(*read));
        m_wizard->import().showOffer(m_offer->summary, m_offer->lines);
        m_wizard->showTrouble({});
    } else {
        m_wizard->import().clear();
        m_wizard->showTrouble(errorSentence(read.error()));
    }
    edited();
}

} // namespace sallyport
