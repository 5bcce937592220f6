// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/switchboard.h"
#include "tests/support/fake_kernel.h"
#include "tests/support/sample_configuration.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

/// The largest home that there may be, with a preshared key for each device.
Configuration largestConfiguration()
{
    Configuration configuration = sample::configuration();
    std::vector<Device> &devices = configuration.home->devices;
    for (int i = int(devices.size()); i < 10000; ++i) {
        Device device;
        device.name = u"device%1"_s.arg(i);
        device.addresses = {*Prefix::parse(QString(u"10.42.%1.%2"_s.arg(100 + i / 256).arg(i % 256)))};
        device.publicKey = sample::key(device.name);
        device.hasPresharedKey = true;
        devices.push_back(device);
    }
    return configuration;
}

SecretBox secretsFor(const Configuration &configuration)
{
    SecretBox box;
    for (const QString &name : secretNames(configuration))
        box.put(name, isPresharedKeyName(name) ? SecretKey::generatePreshared() : SecretKey::generatePrivate());
    return box;
}

} // namespace

class ManySecretsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSecretForEachOfTenThousandDevices();
};

/// Configured more than once: then the secrets of before, those that are kept and those staged are there together.
void ManySecretsTest::aSecretForEachOfTenThousandDevices()
{
    const QTemporaryDir folder;
    StateStore store(folder.path() + u"/state"_s, folder.path() + u"/run"_s);
    FakeKernel kernel;
    kernel.state.uplinks = sample::hotel();
    SecretBox secrets;
    kernel.secrets = &secrets;
    Switchboard board(store, secrets, kernel);
    QVERIFY(board.start());
    const Configuration configuration = largestConfiguration();
    for (int round = 0; round < 3; ++round) {
        const SecretBox staged = secretsFor(configuration);
        QVERIFY(staged.all().size() > 9900);
        const auto configured = board.configure(configuration, staged);
        QVERIFY2(configured, configured ? "" : qPrintable(configured.error().detail));
        QCOMPARE(secrets.known(), staged.known());
    }
    const auto loaded = StateStore(folder.path() + u"/state"_s, folder.path() + u"/run"_s).load();
    QVERIFY(loaded);
    QCOMPARE(loaded->secrets.known(), secrets.known());
}

QTEST_GUILESS_MAIN(ManySecretsTest)
#include "many_secrets_test.moc"
