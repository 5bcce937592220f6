// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/provider/hidden_text.h"
#include "core/provider/outcome.h"

#include <QObject>

#include <memory>

namespace sallyport {

enum class KeyringTrouble : quint8 {
    NotFound, ///< it works, and has no such thing
    NotBuilt, ///< this program was built without one
    NoService, ///< nothing on this desktop keeps secrets
    Locked,
    Refused, ///< the person or the keyring said no
    Failed,
};

/// One sentence, with the way on. Empty for NotFound.
QString sentenceOf(KeyringTrouble trouble);

/// A value, or why there is none; storing and removing answer with an empty value.
class KeyringOutcome {
public:
    KeyringOutcome(HiddenText value) : m_value(std::move(value)) {}
    KeyringOutcome(KeyringTrouble trouble) : m_trouble(trouble) {}

    explicit operator bool() const noexcept { return !m_trouble; }
    const HiddenText &operator*() const { return m_value; }
    KeyringTrouble trouble() const { return *m_trouble; }

private:
    HiddenText m_value;
    std::optional<KeyringTrouble> m_trouble;
};

/// Where the person's own secrets live: keys of devices, account tokens. Answers once, from the event loop, unless the context is
/// gone by then; a dialog of the keyring may be open meanwhile.
class Keyring {
public:
    using Reply = std::function<void(const KeyringOutcome &)>;

    virtual ~Keyring() = default;
    virtual void load(const QString &name, QObject *context, Reply reply) = 0;
    virtual void store(const QString &name, const HiddenText &value, QObject *context, Reply reply) = 0;
    virtual void remove(const QString &name, QObject *context, Reply reply) = 0;
};

/// That of the desktop (Secret Service or KWallet, by QtKeychain).
std::unique_ptr<Keyring> desktopKeyring();

} // namespace sallyport
