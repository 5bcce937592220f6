// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/counted_crypto.h"

#include <sodium.h>

sallyport::test::CryptoCalls &sallyport::test::cryptoCalls()
{
    static CryptoCalls calls;
    return calls;
}

// The definitions of a program come before those of a library. These do what libsodium's own do, under their other names.
extern "C" int crypto_generichash_init(
    crypto_generichash_state *state, const unsigned char *key, const size_t keyLength, const size_t length)
{
    ++sallyport::test::cryptoCalls().hashes;
    return crypto_generichash_blake2b_init(state, key, keyLength, length);
}

extern "C" int crypto_generichash(unsigned char *out, size_t length, const unsigned char *in,
    unsigned long long inLength, const unsigned char *key, size_t keyLength)
{
    ++sallyport::test::cryptoCalls().hashes;
    return crypto_generichash_blake2b(out, length, in, inLength, key, keyLength);
}

extern "C" int crypto_aead_xchacha20poly1305_ietf_decrypt(unsigned char *out, unsigned long long *outLength,
    unsigned char *nsec, const unsigned char *in, unsigned long long inLength, const unsigned char *ad,
    unsigned long long adLength, const unsigned char *nonce, const unsigned char *key)
{
    ++sallyport::test::cryptoCalls().openings;
    if (outLength)
        *outLength = 0;
    if (inLength < crypto_aead_xchacha20poly1305_ietf_ABYTES)
        return -1;
    const unsigned long long length = inLength - crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const int result = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
        out, nsec, in, length, in + length, ad, adLength, nonce, key);
    if (outLength && result == 0)
        *outLength = length;
    return result;
}
