// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/secret_key.h"
#include "core/net/endpoint.h"
#include "core/net/prefix.h"
#include "tests/fuzz/target.h"

#include <algorithm>

using namespace sallyport;

namespace {

template<class T>
void promiseText(const QString &text)
{
    const auto value = T::parse(text);
    if (!value) {
        fuzz::promiseReason(value.error());
        return;
    }
    const auto again = T::parse(value->toString());
    fuzz::promise(again && *again == *value, "what was parsed is printed so that it parses to the same value");
}

void promiseKeys(const QString &text, std::span<const char> bytes)
{
    if (const auto key = PublicKey::parse(text)) {
        const auto again = PublicKey::parse(key->toBase64());
        fuzz::promise(again && *again == *key, "a public key survives its text");
    }
    if (const auto key = SecretKey::parse(bytes)) {
        std::array<char, 44> characters{};
        key->toBase64(characters);
        const auto again = SecretKey::parse(characters);
        fuzz::promise(again && again->equals(*key), "a secret key survives its text");
    }
}

void promisePrefix(const QString &text)
{
    const auto prefix = Prefix::parse(text);
    if (!prefix)
        return;
    fuzz::promise(prefix->contains(*prefix) && prefix->contains(prefix->address()), "a network contains itself");
    fuzz::promise(Prefix::of(prefix->address(), prefix->length()) == *prefix, "no host bits are left");
    const auto cidr = Prefix::parse(prefix->toCidr());
    fuzz::promise(cidr && *cidr == *prefix, "the form with a length means the same");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QString text = QString::fromUtf8(fuzz::bytes(data, size));
    promiseText<IpAddress>(text);
    promiseText<Prefix>(text);
    promiseText<InterfaceAddress>(text);
    promiseText<Endpoint>(text);
    promiseText<HostEndpoint>(text);
    promisePrefix(text);
    promiseKeys(text, fuzz::text(data, size));
    return 0;
}
