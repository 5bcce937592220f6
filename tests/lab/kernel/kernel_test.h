// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/kernel/linux_kernel.h"
#include "tests/lab/kernel/private_network.h"

#include <QCoreApplication>
#include <QTest>

#include <functional>

#define VERIFY_DONE(expression)                                                                                        \
    do {                                                                                                               \
        const auto result_ = (expression);                                                                             \
        QVERIFY2(result_, result_ ? "" : qPrintable(result_.error().detail));                                          \
    } while (false)

namespace sallyport::test {

/// A test of the kernel adapters, in namespaces of its own.
class KernelTest : public QObject {
    Q_OBJECT

public:
    static inline QString whyNot; ///< why it is impossible here; empty: it is not

protected:
    TestSecrets m_secrets;
    QTemporaryDir m_folder;
    LinuxKernel m_kernel{m_secrets, pathsIn(m_folder)};

private Q_SLOTS:
    void initTestCase()
    {
        if (!whyNot.isEmpty())
            QSKIP(qPrintable(whyNot));
        prepare();
    }

private:
    virtual void prepare() {}
};

/// The main() of such a test. `obstacle` is asked inside the namespaces.
template<class Test>
int runInPrivateNetwork(int argc, char **argv, const std::function<QString()> &obstacle = {})
{
    KernelTest::whyNot = enterPrivateNetwork();
    const QCoreApplication application(argc, argv);
    if (KernelTest::whyNot.isEmpty() && obstacle)
        KernelTest::whyNot = obstacle();
    Test test;
    return QTest::qExec(&test, argc, argv);
}

} // namespace sallyport::test
