// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/export_text.h"

#include "app/exchange/key_file.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

/// Reads a key file if it is named unambiguously and can be read; what cannot is a warning, for the file is still of use.
void addIfReadable(Secrets &secrets, const QString &name, const QString &file, QStringList &warnings)
{
    if (file.isEmpty() || !QDir::isAbsolutePath(file))
        return;
    auto content = readKeyFile(file);
    if (content)
        secrets.insert_or_assign(name, std::move(content->key));
    else
        warnings += u"%1 is left out: %2"_s.arg(name, content.error().detail);
}

Result<Done> addGivenKey(Secrets &secrets, const QString &name, const QString &file, QStringList &warnings)
{
    if (file.isEmpty())
        return Done{};
    auto content = readKeyFile(file);
    if (!content)
        return content.error();
    if (content->readableByOthers)
        warnings += u"everybody on this machine can read %1; use 'chmod 600' on it"_s.arg(file);
    secrets.insert_or_assign(name, std::move(content->key));
    return Done{};
}

Result<ExportedText> exportedExit(const ExportRequest &request, const Exit &exit)
{
    const auto *way = std::get_if<ProviderExit>(&exit.way);
    if (!way)
        return Error{Errc::InvalidArgument,
            u"exit '%1' leads through a device and has no file of its own; export the device"_s.arg(exit.name), {}};
    ExportedText exported;
    Secrets secrets;
    if (request.keyFile.isEmpty())
        addIfReadable(secrets, exitSecretName(exit.name), way->privateKeyFile, exported.warnings);
    if (const auto given = addGivenKey(secrets, exitSecretName(exit.name), request.keyFile, exported.warnings); !given)
        return given.error();
    addIfReadable(secrets, exitPskName(exit.name), way->peer.presharedKeyFile, exported.warnings);
    exported.hasPrivateKey = secrets.contains(exitSecretName(exit.name));
    auto text = exportExit(exit, &secrets);
    if (!text)
        return text.error();
    exported.conf = std::move(*text);
    return exported;
}

/// WireGuard would answer a key that is not the device's own with silence.
std::optional<Error> foreignKey(const SecretKey &key, const PublicKey &expected, const QString &device)
{
    if (expected.isNull() || key.publicKey() == expected)
        return std::nullopt;
    return Error{Errc::InvalidArgument,
        u"the private key is not the one of device '%1' (its public key is %2); give the right file"_s.arg(
            device, expected.toBase64()),
        {}};
}

Result<ExportedText> exportedDevice(
    const ExportRequest &request, const Home &home, const std::optional<PublicKey> &ownKey)
{
    const Device *device = findDevice(home, request.name);
    const bool isSelf = request.name == home.device || (device && device->name == home.device);
    ExportedText exported;
    Secrets secrets;
    if (isSelf && request.keyFile.isEmpty())
        addIfReadable(secrets, homeSecretName(), home.privateKeyFile, exported.warnings);
    if (const auto given = addGivenKey(secrets, homeSecretName(), request.keyFile, exported.warnings); !given)
        return given.error();
    for (const Device &each : home.devices)
        addIfReadable(secrets, devicePskName(each.name), each.presharedKeyFile, exported.warnings);
    const auto key = secrets.find(homeSecretName());
    HomeExport options;
    options.device = isSelf ? QString() : request.name;
    options.secrets = &secrets;
    options.ownKey = ownKey;
    if (key != secrets.end()) {
        options.privateKey = &key->second;
        const PublicKey expected = device ? device->publicKey : (isSelf ? ownKey.value_or(PublicKey{}) : PublicKey{});
        if (const auto foreign = foreignKey(key->second, expected, request.name))
            return *foreign;
    }
    exported.hasPrivateKey = options.privateKey != nullptr;
    auto text = exportHome(home, options);
    if (!text)
        return text.error();
    exported.conf = std::move(*text);
    return exported;
}

void appendJsonCharacter(SecretText &json, char c)
{
    static constexpr char kDigits[] = "0123456789abcdef";
    if (c == '"' || c == '\\') {
        const char escaped[] = {'\\', c};
        json.append(QByteArrayView(escaped, 2));
    } else if (quint8(c) < 0x20 || quint8(c) == 0x7f) {
        const char escaped[] = {'\\', 'u', '0', '0', kDigits[quint8(c) >> 4], kDigits[quint8(c) & 15]};
        json.append(QByteArrayView(escaped, 6));
    } else {
        json.append(QByteArrayView(&c, 1));
    }
}

void appendJsonText(SecretText &json, std::span<const char> text)
{
    json.append("\"");
    for (const char c : text)
        appendJsonCharacter(json, c);
    json.append("\"");
}

} // namespace

Result<ExportedText> exportText(
    const ExportRequest &request, const Configuration &configuration, const std::optional<PublicKey> &ownKey)
{
    const bool isDevice = configuration.home
        && (request.name == configuration.home->device || findDevice(*configuration.home, request.name));
    if (isDevice)
        return exportedDevice(request, *configuration.home, ownKey);
    if (const Exit *exit = findExit(configuration, request.name))
        return exportedExit(request, *exit);
    return Error{Errc::UnknownName, u"there is no device and no exit '%1'"_s.arg(request.name), {}};
}

SecretText exportJson(const QString &name, const SecretText &conf)
{
    const QByteArray utf8 = name.toUtf8();
    SecretText json;
    json.append("{\n    \"conf\": ");
    appendJsonText(json, conf.view());
    json.append(",\n    \"name\": ");
    appendJsonText(json, std::span(utf8.constData(), std::size_t(utf8.size())));
    json.append(",\n    \"schema\": 1\n}\n");
    return json;
}

} // namespace sallyport::cli
