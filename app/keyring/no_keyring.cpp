// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/keyring/keyring.h"

namespace sallyport {

namespace {

/// Built without QtKeychain: says so, every time.
class NoKeyring : public Keyring {
public:
    void load(const QString &, QObject *context, Reply reply) override { answer(context, std::move(reply)); }
    void store(const QString &, const HiddenText &, QObject *context, Reply reply) override
    {
        answer(context, std::move(reply));
    }
    void remove(const QString &, QObject *context, Reply reply) override { answer(context, std::move(reply)); }

private:
    static void answer(QObject *context, Reply reply)
    {
        QMetaObject::invokeMethod(
            context, [reply = std::move(reply)] { reply(KeyringTrouble::NotBuilt); }, Qt::QueuedConnection);
    }
};

} // namespace

std::unique_ptr<Keyring> desktopKeyring()
{
    return std::make_unique<NoKeyring>();
}

} // namespace sallyport
