// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/storage/state_store.h"

#include "core/constants.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/intent_codec.h"
#include "core/wire/json.h"
#include "helper/files/replace_file.h"
#include "helper/kernel/system_error.h"
#include "helper/storage/sealed_text.h"

#include <QFile>
#include <QUrl>

#include <cerrno>
#include <cstring>
#include <sys/stat.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kLargestFile = 64UL * 1024 * 1024;
constexpr char kEverProtected[] = "protected";

QByteArrayView view(std::span<const char> text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

Result<Done> makeFolder(const QString &path, mode_t mode)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), mode) == 0 || errno == EEXIST)
        return Done{};
    return systemError(u"Making the folder "_s + path, errno, {}, Errc::StorageFailed);
}

/// `<name> <base64>` lines; names percent-encoded so that blanks and line breaks cannot occur in them.
void appendSecrets(SecretText &text, const SecretBox &secrets)
{
    for (const auto &[name, key] : secrets.all()) {
        text.append(QByteArray(QUrl::toPercentEncoding(name) + ' '));
        text.append(*key);
        text.append("\n");
    }
}

Result<SecretBox> parseSecrets(std::span<const char> text)
{
    SecretBox secrets;
    while (!text.empty()) {
        const auto *const end = static_cast<const char *>(std::memchr(text.data(), '\n', text.size()));
        const auto *const blank = static_cast<const char *>(std::memchr(text.data(), ' ', text.size()));
        if (!end || !blank || blank > end)
            return Error{Errc::StorageFailed, u"A line of the secrets is damaged."_s, {}};
        const auto nameSize = static_cast<std::size_t>(blank - text.data());
        const auto lineSize = static_cast<std::size_t>(end - text.data());
        auto key = SecretKey::parse(text.subspan(nameSize + 1, lineSize - nameSize - 1));
        if (!key)
            return key.error();
        secrets.put(
            QUrl::fromPercentEncoding(QByteArray(text.data(), static_cast<qsizetype>(nameSize))), std::move(*key));
        text = text.subspan(lineSize + 1);
    }
    return secrets;
}

/// `<number of JSON bytes>`, JSON, secrets.
SecretText configurationBody(const Configuration &configuration, const SecretBox &secrets)
{
    const QByteArray json = writeJson(encodeConfiguration(configuration));
    SecretText body;
    body.append(QByteArray(QByteArray::number(json.size()) + '\n'));
    body.append(json);
    appendSecrets(body, secrets);
    return body;
}

Result<Done> parseConfigurationBody(std::span<const char> body, StoredState &state)
{
    const qsizetype lineEnd = view(body).indexOf('\n');
    bool ok = lineEnd > 0;
    const auto size = ok ? view(body).first(lineEnd).toByteArray().toULongLong(&ok) : 0;
    const auto start = static_cast<std::size_t>(lineEnd + 1);
    if (!ok || size > body.size() - start)
        return Error{Errc::StorageFailed, u"The configuration file has an unknown layout."_s, {}};
    const auto map = readJson(view(body.subspan(start, size)));
    if (!map)
        return map.error();
    auto decoded = decodeConfiguration(*map);
    if (!decoded)
        return decoded.error();
    auto secrets = parseSecrets(body.subspan(start + size));
    if (!secrets)
        return secrets.error();
    state.configuration = std::move(decoded->configuration);
    state.secrets = std::move(*secrets);
    return Done{};
}

Result<Intent> parseIntent(std::span<const char> text)
{
    const auto body = unsealed(text);
    if (!body)
        return body.error();
    const auto map = readJson(view(*body));
    if (!map)
        return map.error();
    return decodeIntent(*map);
}

/// Nothing is thrown away: a person may want to look at it.
Error putAside(const QString &path, const Error &reason)
{
    const QString aside = path + u".damaged"_s;
    ::rename(QFile::encodeName(path).constData(), QFile::encodeName(aside).constData());
    return {Errc::StorageFailed, u"%1 could not be read and was kept as %2: %3"_s.arg(path, aside, reason.detail), {}};
}

} // namespace

StateStore::StateStore(QString stateFolder, QString runFolder)
    : m_stateFolder(std::move(stateFolder)), m_runFolder(std::move(runFolder))
{
}

Result<StoredState> StateStore::load()
{
    if (auto made = makeFolder(m_stateFolder, 0700); !made)
        return made.error();
    if (auto made = makeFolder(m_runFolder, 0755); !made)
        return made.error();
    for (const QString &path : {inState("configuration"), inState("intent"), m_runFolder + u"/intent"_s})
        removeLeftovers(path);
    StoredState state;
    if (const auto loaded = loadConfiguration(state); !loaded)
        state.damage = loaded.error();
    if (const auto loaded = loadIntent(state); !loaded)
        state.damage = loaded.error();
    return state;
}

Result<Done> StateStore::loadConfiguration(StoredState &state)
{
    const QString path = inState("configuration");
    auto text = readFile(path, kLargestFile);
    if (!text)
        return text.error();
    if (!*text)
        return Done{};
    const auto body = unsealed((*text)->view());
    if (!body)
        return putAside(path, body.error());
    if (const auto parsed = parseConfigurationBody(*body, state); !parsed)
        return putAside(path, parsed.error());
    return Done{};
}

/// None: there is no such file.
Result<std::optional<Intent>> StateStore::readIntent(const QString &path)
{
    auto text = readFile(path, kLargestFile);
    if (!text)
        return text.error();
    if (!*text)
        return std::optional<Intent>();
    const auto intent = parseIntent((*text)->view());
    if (!intent)
        return putAside(path, intent.error());
    return std::optional(*intent);
}

Result<Done> StateStore::loadIntent(StoredState &state)
{
    // The copy of this boot is newer than the durable one or equal to it. If it is damaged, the other is better than
    // switching off what somebody relies on.
    std::optional<Error> damage;
    for (const QString &path : {QString(m_runFolder + u"/intent"_s), inState("intent")}) {
        const auto intent = readIntent(path);
        if (!intent)
            damage = intent.error();
        if (!intent || !*intent)
            continue;
        state.intent = **intent;
        return damage ? Result<Done>(*damage) : unlockIfAsked(state);
    }
    if (QFile::exists(inState(kEverProtected))) {
        state.intent.lockdown = true;
        if (!damage)
            damage = Error{Errc::StorageFailed, u"%1 is missing."_s.arg(inState("intent")), {}};
        damage->detail += u" The internet stays blocked: switch Exit on, or run `sally lockdown off`."_s;
    }
    const auto unlocked = unlockIfAsked(state);
    return damage ? Result<Done>(*damage) : unlocked;
}

/// `sally unlock` found no helper and left word.
Result<Done> StateStore::unlockIfAsked(StoredState &state)
{
    if (!QFile::exists(inState(kUnlockedFile)))
        return Done{};
    state.intent.exit = false;
    state.intent.lockdown = false;
    if (const auto kept = saveIntent(state.intent); !kept)
        return kept;
    if (const auto settled = settle(); !settled)
        return settled;
    return removeFile(inState(kUnlockedFile));
}

/// From now on, switches that cannot be read mean "blocked".
Result<Done> StateStore::rememberProtection(const Intent &intent)
{
    const QString marker = inState(kEverProtected);
    if ((!intent.exit && !intent.lockdown) || QFile::exists(marker))
        return Done{};
    return replaceFile(marker, "Exit or lockdown was on.\n", 0600);
}

Result<Done> StateStore::saveConfiguration(const Configuration &configuration, const SecretBox &secrets)
{
    const SecretText body = configurationBody(configuration, secrets);
    auto file = AtomicFile::prepare(inState("configuration"), sealed(body.view()).view());
    return file ? file->commit(true) : file.error();
}

Result<Done> StateStore::saveIntent(const Intent &intent)
{
    if (const auto remembered = rememberProtection(intent); !remembered)
        return remembered;
    const QByteArray json = writeJson(encodeIntent(intent));
    const SecretText text = sealed({json.constData(), static_cast<std::size_t>(json.size())});
    auto durable = AtomicFile::prepare(inState("intent"), text.view());
    if (!durable)
        return durable.error();
    auto quick = AtomicFile::prepare(m_runFolder + u"/intent"_s, text.view());
    if (!quick)
        return quick.error();
    m_unsettledIntent = std::move(*durable);
    return quick->commit(false);
}

Result<Done> StateStore::settle()
{
    if (!m_unsettledIntent)
        return Done{};
    AtomicFile file = std::move(*m_unsettledIntent);
    m_unsettledIntent.reset();
    return file.commit(true);
}

} // namespace sallyport
