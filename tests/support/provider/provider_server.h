// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/providers/https_client.h"

#include <QProcess>
#include <QTemporaryDir>

namespace sallyport::test {

/// Loopback of its own for this process and its children, before there are threads: what a test sends stays in it. Where the
/// system allows no namespace it is the machine's.
void enterPrivateNetwork();

/// provider_server.py as a process. The constructor returns when it listens.
class ProviderServer {
public:
    ProviderServer();
    ~ProviderServer();
    ProviderServer(const ProviderServer &) = delete;
    ProviderServer &operator=(const ProviderServer &) = delete;

    /// Where it is and whom to trust.
    HttpsBase base() const;
    /// Begins anew.
    void play(const QString &scenario);
    /// What was asked, in order: method, path, keys of the body, and which of three headers there were.
    QStringList log();
    void kill();

private:
    QByteArray say(const QByteArray &line);
    QByteArray readLine();

    QTemporaryDir m_folder;
    QProcess m_process;
    int m_port = 0;
};

} // namespace sallyport::test
