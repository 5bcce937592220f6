// SPDX-License-Identifier: GPL-2.0-or-later
// Answers for polkitd on a machine of the lab where polkitd cannot run: in a user namespace there is no second user
// to become. Whoever reaches such a bus is the person who made the namespace, so the answer is always yes.
#include "tests/support/fake_polkit.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const auto bus = QDBusConnection::connectToBus(QDBusConnection::SystemBus, u"polkit"_s);
    sallyport::test::FakePolkit polkit(bus);
    polkit.setReply(sallyport::test::FakePolkit::Reply::Yes);
    return QCoreApplication::exec();
}
