// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/probe_by_hand.h"

#include <algorithm>
#include <sodium.h>

namespace sallyport::test {

namespace {

const unsigned char *in(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

unsigned char *out(QByteArray &bytes)
{
    return reinterpret_cast<unsigned char *>(bytes.data());
}

unsigned long long lengthOf(const QByteArray &bytes)
{
    return static_cast<unsigned long long>(bytes.size());
}

QByteArray contextOf(const Parties &parties)
{
    return "sallyport probe v1" + bytesOf(parties.sender) + bytesOf(parties.receiver);
}

} // namespace

QByteArray bytesOf(const PublicKey &key)
{
    return {reinterpret_cast<const char *>(key.bytes.data()), kKeySize};
}

QByteArray bytesOf(const SecretKey &key)
{
    return {reinterpret_cast<const char *>(key.bytes().data()), kKeySize};
}

QByteArray hashOf(const QByteArray &text, int size, const QByteArray &key)
{
    QByteArray hash(size, '\0');
    crypto_generichash_blake2b(
        out(hash), static_cast<std::size_t>(size), in(text), lengthOf(text), in(key), lengthOf(key));
    return hash;
}

QByteArray hintOf(const PublicKey &sender, const PublicKey &receiver, const QByteArray &nonce)
{
    QByteArray name = hashOf("sallyport probe name v1" + bytesOf(sender), 16).first(8);
    const QByteArray mask = hashOf(nonce, 16, hashOf("sallyport probe hint v1" + bytesOf(receiver), 32));
    for (qsizetype i = 0; i < name.size(); ++i)
        name[i] = static_cast<char>(name[i] ^ mask[i]);
    return name;
}

QByteArray sealedByHand(const Parties &parties, const QByteArray &nonce, const QByteArray &box)
{
    const QByteArray context = contextOf(parties);
    QByteArray closed(box.size(), '\0');
    QByteArray tag(16, '\0');
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(out(closed), out(tag), nullptr, in(box), lengthOf(box),
        in(context), lengthOf(context), nullptr, in(nonce), in(parties.pairKey));
    return nonce + hintOf(parties.sender, parties.receiver, nonce) + closed + tag;
}

QByteArray openedByHand(const Parties &parties, const QByteArray &payload)
{
    const QByteArray context = contextOf(parties);
    const QByteArray closed = payload.mid(32, 80);
    const QByteArray tag = payload.mid(112, 16);
    QByteArray box(closed.size(), '\0');
    const bool isGenuine
        = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(out(box), nullptr, in(closed), lengthOf(closed), in(tag),
              in(context), lengthOf(context), in(payload), in(parties.pairKey))
        == 0;
    return isGenuine ? box : QByteArray();
}

} // namespace sallyport::test
