// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/mullvad_account.h"

#include "core/wire/json.h"
#include "core/wire/map_reader.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaximumDevices = 1000;
constexpr qsizetype kAccountDigits = 16;

QDateTime timeFrom(const MapReader &reader, const char *key)
{
    const QString text = reader.requiredText(key);
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (!text.isEmpty() && !time.isValid())
        reader.refuse(key, u"is not a time."_s);
    return time;
}

/// Not `required`: a device must be shown (and can be replaced) even where its addresses are strange.
ProviderDevice deviceFrom(const MapReader &reader)
{
    ProviderDevice device;
    device.id = reader.requiredText("id");
    if (!device.id.isEmpty() && !isDeviceId(device.id))
        reader.refuse("id", u"is not an id."_s);
    device.name = reader.requiredText("name");
    device.publicKey = reader.parsedText<PublicKey>("pubkey", &PublicKey::parse);
    for (const char *key : {"ipv4_address", "ipv6_address"}) {
        if (!reader.text(key).isEmpty())
            device.addresses.push_back(reader.parsedText<InterfaceAddress>(key, &InterfaceAddress::parse));
    }
    if (device.addresses.empty())
        reader.refuse("ipv4_address", u"is missing."_s);
    if (reader.has("created"))
        device.created = timeFrom(reader, "created");
    return device;
}

} // namespace

Result<HiddenText> parseMullvadAccount(QStringView text)
{
    QByteArray digits;
    for (const QChar c : text) {
        if (c >= u'0' && c <= u'9')
            digits += c.toLatin1();
        else if (!c.isSpace() && c != u'-')
            return Error{Errc::InvalidArgument, u"An account number has digits only."_s, {}};
        if (digits.size() > kAccountDigits)
            break;
    }
    if (digits.size() != kAccountDigits)
        return Error{Errc::InvalidArgument, u"An account number has 16 digits."_s, {}};
    return HiddenText(std::move(digits));
}

Result<MullvadToken> readMullvadToken(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const MapReader reader(*map, {}, findings);
    const QString token = reader.requiredText("access_token");
    const bool isPlain = std::ranges::all_of(token, [](QChar c) { return c > u' ' && c < u'\x7f'; });
    if (!isPlain)
        reader.refuse("access_token", u"has characters that no token has."_s);
    MullvadToken value{HiddenText(token.toLatin1()), timeFrom(reader, "expiry")};
    if (findings.refusal)
        return *findings.refusal;
    return value;
}

Result<QDateTime> readMullvadExpiry(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const QDateTime expires = timeFrom(MapReader(*map, {}, findings), "expiry");
    if (findings.refusal)
        return *findings.refusal;
    return expires;
}

Result<ProviderDevice> readMullvadDevice(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    ProviderDevice device = deviceFrom(MapReader(*map, {}, findings));
    if (findings.refusal)
        return *findings.refusal;
    return device;
}

Result<std::vector<ProviderDevice>> readMullvadDevices(QByteArrayView text)
{
    const auto entries = readJsonList(text);
    if (!entries)
        return entries.error();
    const QVariantMap map{{u"devices"_s, *entries}};
    Findings findings;
    std::vector<ProviderDevice> devices;
    MapReader(map, {}, findings).maps("devices", kMaximumDevices, [&](const MapReader &reader) {
        devices.push_back(deviceFrom(reader));
    });
    if (findings.refusal)
        return *findings.refusal;
    return devices;
}

bool isDeviceId(QStringView id)
{
    const auto isPlain = [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'-'
            || c == u'_';
    };
    return !id.isEmpty() && id.size() <= 128 && std::ranges::all_of(id, isPlain);
}

} // namespace sallyport
