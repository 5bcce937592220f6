// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/edits.h"
#include "app/exchange/input_file.h"
#include "app/exchange/key_file.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"

#include <QSet>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// A key file that the configuration names, and what its content is called.
struct NamedFile {
    QString secret;
    QString file;
    QString place;
};

std::vector<NamedFile> homeKeyFiles(const Home &home)
{
    std::vector<NamedFile> files = {{homeSecretName(), home.privateKeyFile, u"home.privateKeyFile"_s}};
    for (std::size_t i = 0; i < home.devices.size(); ++i)
        files.push_back({devicePskName(home.devices[i].name), home.devices[i].presharedKeyFile,
            u"home.devices[%1].presharedKeyFile"_s.arg(i)});
    return files;
}

std::vector<NamedFile> keyFilesOf(const Configuration &configuration)
{
    std::vector<NamedFile> files;
    if (configuration.home)
        files = homeKeyFiles(*configuration.home);
    for (std::size_t i = 0; i < configuration.exits.size(); ++i) {
        const Exit &exit = configuration.exits[i];
        if (const auto *way = std::get_if<ProviderExit>(&exit.way)) {
            files.push_back({exitSecretName(exit.name), way->privateKeyFile, u"exits[%1].privateKeyFile"_s.arg(i)});
            files.push_back(
                {exitPskName(exit.name), way->peer.presharedKeyFile, u"exits[%1].peer.presharedKeyFile"_s.arg(i)});
        }
    }
    std::erase_if(files, [](const NamedFile &each) { return each.file.isEmpty(); });
    return files;
}

/// Two mistakes that WireGuard answers with silence.
std::optional<Error> wrongHomeKey(const Home &home, const SecretKey &key)
{
    const PublicKey own = key.publicKey();
    for (std::size_t i = 0; i < home.devices.size(); ++i) {
        const bool isSelf = home.devices[i].name == home.device;
        const bool sameKey = home.devices[i].publicKey == own;
        if (isSelf != sameKey)
            return Error{Errc::InvalidArgument,
                isSelf ? u"does not belong to the key in home.privateKeyFile; write the public key of this machine"_s
                       : u"is the key of this machine itself; write the public key of that device"_s,
                u"home.devices[%1].publicKey"_s.arg(i)};
    }
    return std::nullopt;
}

Result<Done> addSecrets(Proposal &proposal, const QString &file)
{
    QSet<QString> warned; // a file may be that of many devices
    for (const NamedFile &named : keyFilesOf(proposal.configuration)) {
        const QString path = besideFile(file, named.file);
        auto content = readKeyFile(path);
        if (!content) {
            Error error = content.error();
            error.place = named.place;
            return inFile(file, error);
        }
        if (content->readableByOthers && !warned.contains(path)) {
            warned.insert(path);
            proposal.notes += u"warning: everybody on this machine can read %1; use 'chmod 600' on it"_s.arg(path);
        }
        proposal.secrets.push_back({named.secret, std::move(content->key)});
    }
    return Done{};
}

Result<DecodedConfiguration> decodeFile(const QString &file)
{
    const auto text = readInput(file, kMaximumJsonSize);
    if (!text)
        return text.error();
    const auto map = readJson(*text);
    if (!map)
        return inFile(file, map.error());
    auto decoded = decodeConfiguration(*map);
    if (!decoded)
        return inFile(file, decoded.error());
    return decoded;
}

} // namespace

Result<Proposal> proposalFromFile(const QString &file)
{
    auto decoded = decodeFile(file);
    if (!decoded)
        return decoded.error();
    Proposal proposal;
    proposal.configuration = std::move(decoded->configuration);
    for (const Note &note : decoded->notes)
        proposal.notes += shownName(file) + u": "_s + note.place + u": "_s + note.text;
    if (const auto added = addSecrets(proposal, file); !added)
        return added.error();
    const auto home = std::ranges::find(proposal.secrets, homeSecretName(), &NamedSecret::name);
    if (proposal.configuration.home && home != proposal.secrets.end()) {
        if (const auto wrong = wrongHomeKey(*proposal.configuration.home, home->key))
            return inFile(file, *wrong);
    }
    return proposal;
}

} // namespace sallyport
