// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/intent_codec.h"

#include "core/wire/configuration_rules.h"
#include "core/wire/map_reader.h"
#include "core/wire/path_words.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr quint64 kLongestPause = 24ULL * 60 * 60; ///< seconds

std::optional<bool> optionalBoolean(const MapReader &reader, const char *key)
{
    return reader.has(key) ? std::optional(reader.boolean(key, false)) : std::nullopt;
}

template<class T>
void put(QVariantMap &map, const QString &key, const std::optional<T> &value)
{
    if (value)
        map.insert(key, QVariant::fromValue(*value));
}

PathPreference pathOf(const MapReader &reader)
{
    PathPreference path;
    path.device = reader.requiredText("device");
    path.address = reader.parsedText("address", &HostEndpoint::parse);
    path.use = reader.parsedText("use", &parsePreference);
    return path;
}

QVariantMap encode(const PathPreference &path)
{
    return {{u"device"_s, path.device}, {u"address"_s, path.address.toString()}, {u"use"_s, wordOf(path.use)}};
}

/// Of the state file. A word that an earlier version does not know must not cost the switches.
std::vector<PathPreference> keptPaths(const QVariantMap &map)
{
    std::vector<PathPreference> paths;
    for (const QVariant &entry : map.value(u"paths"_s).toList()) {
        Findings findings;
        const QVariantMap keys = entry.toMap();
        const PathPreference path = pathOf(MapReader(keys, u"paths"_s, findings));
        if (!findings.refusal && path.use != Preference::None)
            paths.push_back(path);
    }
    return paths;
}

} // namespace

Result<IntentChange> decodeIntentChange(const QVariantMap &map)
{
    Findings findings;
    const MapReader reader(map, {}, findings);
    reader.checkRequires({u"home"_s, u"exit"_s, u"exitName"_s, u"lockdown"_s, u"pauseSeconds"_s, u"path"_s});
    IntentChange change;
    change.home = optionalBoolean(reader, "home");
    change.exit = optionalBoolean(reader, "exit");
    if (reader.has("exitName"))
        change.exitName = reader.parsedText("exitName", parseExitName);
    change.lockdown = optionalBoolean(reader, "lockdown");
    if (reader.has("pauseSeconds"))
        change.pauseSeconds = static_cast<quint32>(reader.integer("pauseSeconds", 0, kLongestPause, 0));
    if (const auto path = reader.map("path"))
        change.path = pathOf(MapReader(*path, u"path"_s, findings));
    if (findings.refusal)
        return *findings.refusal;
    return change;
}

QVariantMap encodeIntentChange(const IntentChange &change)
{
    QVariantMap map;
    put(map, u"home"_s, change.home);
    put(map, u"exit"_s, change.exit);
    put(map, u"exitName"_s, change.exitName);
    put(map, u"lockdown"_s, change.lockdown);
    put(map, u"pauseSeconds"_s, change.pauseSeconds);
    if (change.path) {
        map.insert(u"path"_s, encode(*change.path));
        map.insert(u"requires"_s, QStringList{u"path"_s}); // a helper that does not know it would say that it is done
    }
    return map;
}

Result<Intent> decodeIntent(const QVariantMap &map)
{
    const auto change = decodeIntentChange(map);
    if (!change)
        return change.error();
    return Intent{change->home.value_or(false), change->exit.value_or(false), change->exitName.value_or(QString()),
        change->lockdown.value_or(false), keptPaths(map)};
}

QVariantMap encodeIntent(const Intent &intent)
{
    QVariantMap map{{u"home"_s, intent.home}, {u"exit"_s, intent.exit}, {u"lockdown"_s, intent.lockdown}};
    if (!intent.exitName.isEmpty())
        map.insert(u"exitName"_s, intent.exitName);
    QVariantList paths;
    for (const PathPreference &path : intent.paths)
        paths += encode(path);
    if (!paths.isEmpty())
        map.insert(u"paths"_s, paths);
    return map;
}

} // namespace sallyport
