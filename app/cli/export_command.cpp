// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/export_command.h"

#include "app/cli/export_text.h"
#include "app/exchange/bare_conf.h"
#include "app/exchange/input_file.h"
#include "app/exchange/qr_code.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

ExportCommand::ExportCommand(const ExportRequest &request, HelperClient &client, Console &console)
    : m_request(request), m_client(client), m_console(console)
{
}

void ExportCommand::start()
{
    m_client.fetchConfiguration(this, [this](const Result<Configuration> &configuration) {
        if (!configuration)
            return fail(configuration.error());
        m_client.fetchSnapshot(this, [this, configuration](const Result<Snapshot> &snapshot) {
            if (!snapshot)
                return fail(snapshot.error());
            write(*configuration, *snapshot);
        });
    });
}

void ExportCommand::write(const Configuration &configuration, const Snapshot &snapshot)
{
    const PublicKey own = snapshot.home.publicKey;
    const auto exported = exportText(m_request, configuration, own.isNull() ? std::nullopt : std::optional(own));
    if (!exported)
        return fail(exported.error());
    for (const QString &warning : exported->warnings)
        m_console.warn(warning);
    if (m_request.form != ExportForm::Conf && !exported->hasPrivateKey)
        return fail({Errc::InvalidArgument,
            u"a QR code needs the private key of '%1'; give its file with --key"_s.arg(m_request.name), {}});
    if (const auto delivered = deliver(exported->conf); !delivered)
        return fail(delivered.error());
    Q_EMIT finished(ExitCode::Done);
}

Result<Done> ExportCommand::deliver(const SecretText &conf)
{
    if (m_request.form != ExportForm::Conf)
        return deliverCode(withoutComments(conf));
    m_console.writeRaw(m_request.json ? exportJson(m_request.name, conf).view() : conf.view());
    return Done{};
}

Result<Done> ExportCommand::deliverCode(const SecretText &conf)
{
    const auto code = QrCode::encode(conf.view());
    if (!code)
        return code.error();
    if (m_request.form == ExportForm::Qr) {
        const bool coloured = m_console.isOutputTerminal();
        m_console.writeRaw(
            m_request.json ? exportJson(m_request.name, conf).view() : code->terminalText(coloured).view());
        return Done{};
    }
    const auto picture = code->png();
    if (!picture)
        return picture.error();
    const auto written = writeNewFile(m_request.pngFile, picture->view());
    if (written && m_request.json)
        m_console.printJson({{u"name"_s, m_request.name}, {u"file"_s, m_request.pngFile}});
    return written;
}

void ExportCommand::fail(const Error &error)
{
    Q_EMIT finished(m_console.fail(error));
}

} // namespace sallyport::cli
