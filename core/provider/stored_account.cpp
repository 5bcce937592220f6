// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/provider/stored_account.h"

#include "core/wire/json.h"
#include "core/wire/map_reader.h"

namespace sallyport {

using namespace Qt::StringLiterals;

HiddenText storedAccount(const Session &session)
{
    const ProviderDevice device = session.device.value_or(ProviderDevice());
    QStringList addresses;
    for (const InterfaceAddress &address : device.addresses)
        addresses += address.toString();
    return HiddenText(writeJson({{u"account"_s, QString::fromUtf8(session.account.reveal())},
        {u"token"_s, QString::fromUtf8(session.token.reveal())},
        {u"accountExpires"_s, session.accountExpires.toString(Qt::ISODate)}, {u"id"_s, device.id},
        {u"name"_s, device.name}, {u"publicKey"_s, device.publicKey.toBase64()}, {u"addresses"_s, addresses}}));
}

Result<Session> readStoredAccount(QByteArrayView text)
{
    const auto map = readJson(text);
    if (!map)
        return map.error();
    Findings findings;
    const MapReader reader(*map, {}, findings);
    Session session;
    session.account = HiddenText(reader.requiredText("account").toUtf8());
    session.token = HiddenText(reader.text("token").toUtf8());
    session.accountExpires = QDateTime::fromString(reader.text("accountExpires"), Qt::ISODate);
    ProviderDevice device;
    device.id = reader.text("id");
    device.name = reader.text("name");
    device.publicKey = reader.parsedText<PublicKey>("publicKey", &PublicKey::parse);
    device.addresses = reader.parsedList<InterfaceAddress>("addresses", 16, &InterfaceAddress::parse);
    session.device = device;
    if (findings.refusal)
        return *findings.refusal;
    return session;
}

} // namespace sallyport
