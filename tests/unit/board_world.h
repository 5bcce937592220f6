// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/switchboard.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/sample_configuration.h"

#include <QTemporaryDir>
#include <QTest>

namespace sallyport {

inline IntentChange homeTo(bool on)
{
    IntentChange change;
    change.home = on;
    return change;
}

inline IntentChange exitTo(const QString &name)
{
    IntentChange change;
    change.exit = !name.isEmpty();
    if (!name.isEmpty())
        change.exitName = name;
    return change;
}

inline SecretBox secretsFor(const Configuration &configuration)
{
    SecretBox box;
    for (const QString &name : secretNames(configuration))
        box.put(name, SecretKey::generatePrivate());
    return box;
}

inline bool isEmpty(const FakeKernel &kernel)
{
    const ObservedState &state = kernel.state;
    return state.rules.empty() && state.routes.empty() && state.tables.empty() && state.hosts.empty();
}

/// A configured switchboard on a kernel in memory, with both switches off.
class BoardWorld {
protected:
    void raise()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_kernel = FakeKernel();
        m_kernel.state.uplinks = sample::hotel();
        m_kernel.secrets = &m_secrets;
        start();
        const Configuration configuration = sample::configuration();
        QVERIFY(m_board->configure(configuration, secretsFor(configuration)));
    }
    void end()
    {
        m_board.reset();
        m_store.reset();
    }
    /// Another helper on the same files and kernel.
    void start()
    {
        m_board.reset();
        m_secrets = SecretBox();
        m_store = std::make_unique<StateStore>(
            m_folder->path() + QStringLiteral("/state"), m_folder->path() + QStringLiteral("/run"));
        m_board = std::make_unique<Switchboard>(*m_store, m_secrets, m_kernel);
        QVERIFY(m_board->start());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeKernel m_kernel;
    std::unique_ptr<StateStore> m_store;
    SecretBox m_secrets;
    std::unique_ptr<Switchboard> m_board;
};

} // namespace sallyport
