// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/client/helper_client.h"
#include "app/exchange/name_resolver.h"
#include "app/exchange/proposal.h"

namespace sallyport::cli {

/// `apply`, `import`, `device add|remove`: edits the present configuration, looks names up, hands the keys over,
/// configures, and says what changed.
class ConfigureCommand : public Command {
    Q_OBJECT

public:
    ConfigureCommand(Edit edit, bool json, HelperClient &client, Console &console);
    void start() override;

private:
    void haveSnapshot(const Result<Snapshot> &snapshot);
    void havePresent(const Result<Configuration> &present);
    void haveNames(const ResolvedNames &found);
    void provideNext();
    void configured(const Result<Done> &reply);
    QStringList changeLines() const;
    void printJson(const QStringList &changeLines);
    void fail(const Error &error);

    Edit m_edit;
    bool m_json;
    HelperClient &m_client;
    Console &m_console;
    NameResolver m_resolver;
    PublicKey m_homeKey; ///< before; null if unknown
    Configuration m_present;
    Proposal m_proposal;
    std::size_t m_provided = 0;
    QStringList m_notes;
};

} // namespace sallyport::cli
