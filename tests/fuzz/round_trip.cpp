// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/round_trip.h"

#include "core/profile/export.h"
#include "core/wire/configuration_codec.h"
#include "tests/fuzz/target.h"

#include <algorithm>

namespace sallyport::fuzz {

namespace {

Result<SecretText> exported(const std::variant<Home, Exit> &part, const Secrets &secrets)
{
    return std::visit(Overloaded{
                          [&](const Home &home) {
                              return exportHome(home, HomeExport{{}, nullptr, &secrets, {}});
                          },
                          [&](const Exit &exit) { return exportExit(exit, &secrets); },
                      },
        part);
}

bool equal(const Secrets &one, const Secrets &other)
{
    return std::ranges::equal(
        one, other, [](const auto &a, const auto &b) { return a.first == b.first && a.second.equals(b.second); });
}

QString base64(const SecretKey &key)
{
    std::array<char, 44> characters{};
    key.toBase64(characters);
    return QString::fromLatin1(characters.data(), characters.size());
}

} // namespace

void promiseRoundTrip(const std::variant<Home, Exit> &part, const Secrets &secrets)
{
    const auto text = exported(part, secrets);
    if (!text) {
        promise(text.error().code == Errc::LimitExceeded, "what was accepted can be exported");
        return;
    }
    const auto again = importConf(text->view(), ImportKind::Guess, {});
    promise(bool(again), "an exported file can be imported");
    promise(again->part == part, "export and import give the same document");
    promise(equal(again->secrets, secrets), "export and import give the same keys");
}

void promiseImported(const Imported &imported)
{
    Configuration whole;
    if (const auto *home = std::get_if<Home>(&imported.part))
        whole.home = *home;
    else
        whole.exits = {std::get<Exit>(imported.part)};
    const auto decoded = decodeConfiguration(encodeConfiguration(whole));
    promise(decoded && decoded->configuration == whole, "the codec takes what was imported");
    for (const auto &[name, key] : imported.secrets) {
        promise(secretNames(whole).contains(name), "every key belongs to the document");
        const QString secret = base64(key);
        for (const LineReport &report : imported.reports)
            promise(report.verdict == Verdict::Refused || !report.sentence.contains(secret), "no report tells a key");
    }
    promiseRoundTrip(imported.part, imported.secrets);
}

} // namespace sallyport::fuzz
