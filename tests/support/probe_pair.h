// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/probe/pair_key.h"
#include "core/probe/probe_seal.h"
#include "tests/support/probe_by_hand.h"

#include <numeric>
#include <sodium.h>

namespace sallyport::test {

inline std::span<const quint8> view(const QByteArray &bytes)
{
    return {reinterpret_cast<const quint8 *>(bytes.constData()), static_cast<std::size_t>(bytes.size())};
}

inline QByteArray randomBytes(int size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    randombytes_buf(bytes.data(), static_cast<std::size_t>(size));
    return bytes;
}

/// 32 bytes that count up.
inline SecretKey countingKey(quint8 first)
{
    std::array<quint8, kKeySize> bytes{};
    std::iota(bytes.begin(), bytes.end(), first);
    return SecretKey::fromBytes(bytes);
}

/// Two devices, each with the pair key that it has found, and what each opens with.
struct ProbePair {
    SecretKey a;
    SecretKey b;
    PublicKey aPublic = a.publicKey();
    PublicKey bPublic = b.publicKey();
    SecretKey aPairKey = *pairKeyOf(a, bPublic);
    SecretKey bPairKey = *pairKeyOf(b, aPublic);
    ProbeOpener atA{aPublic};
    ProbeOpener atB{bPublic};

    ProbePair() : ProbePair(SecretKey::generatePrivate(), SecretKey::generatePrivate()) {}
    ProbePair(SecretKey first, SecretKey second) : a(std::move(first)), b(std::move(second))
    {
        atA.setPeers({{bPublic, &aPairKey}});
        atB.setPeers({{aPublic, &bPairKey}});
    }
    QByteArray fromA(const Probe &probe) const { return sealed(probe, aPublic, bPublic, aPairKey); }
    QByteArray fromB(const Probe &probe) const { return sealed(probe, bPublic, aPublic, bPairKey); }
    Parties aToB() const { return {aPublic, bPublic, bytesOf(aPairKey)}; }
};

} // namespace sallyport::test
