// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/keyring/keyring.h"

#include "core/present/words.h"

namespace sallyport {

QString sentenceOf(KeyringTrouble trouble)
{
    switch (trouble) {
    case KeyringTrouble::NotFound:
        return {};
    case KeyringTrouble::NotBuilt:
        return Words::tr(
            "This Sallyport was built without a keyring. The login holds until it ends; exits that you add stay.");
    case KeyringTrouble::NoService:
        return Words::tr(
            "Nothing on this desktop keeps passwords, so the login holds until Sallyport ends; exits that you add "
            "stay. Install GNOME Keyring, KWallet or KeePassXC to keep it.");
    case KeyringTrouble::Locked:
        return Words::tr(
            "Your keyring is locked, so the login holds until Sallyport ends; exits that you add stay. Unlock the "
            "keyring and log in again to keep it.");
    case KeyringTrouble::Refused:
        return Words::tr("Your keyring refused, so the login holds until Sallyport ends; exits that you add stay. Log "
                         "in again to be "
                         "asked once more.");
    case KeyringTrouble::Failed:
        return Words::tr(
            "Your keyring does not work, so the login holds until Sallyport ends; exits that you add stay. Restart the "
            "keyring and log in again to keep it.");
    }
    Q_UNREACHABLE();
}

} // namespace sallyport
