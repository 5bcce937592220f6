// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/client/helper_client.h"

namespace sallyport::cli {

/// What was asked for, in both forms in which it can be printed.
struct Listing {
    QStringList lines;
    QVariantMap map;
};

/// `exit list` and `device list`: the configuration and the snapshot, seen through one pure function.
class ListCommand : public Command {
    Q_OBJECT

public:
    using View = std::function<Result<Listing>(const Configuration &, const Snapshot &)>;

    ListCommand(View view, bool json, HelperClient &client, Console &console);
    void start() override;

    static View exits();
    static View devices();

private:
    void show(const Configuration &configuration, const Snapshot &snapshot);

    View m_view;
    bool m_json;
    HelperClient &m_client;
    Console &m_console;
};

} // namespace sallyport::cli
