// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/intent_rules.h"

#include <algorithm>
#include <tuple>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Result<QString> chosenExit(const QString &wanted, const Configuration &configuration)
{
    if (wanted.isEmpty() && configuration.exits.size() == 1)
        return configuration.exits.front().name;
    if (wanted.isEmpty())
        return Error{Errc::NotConfigured,
            configuration.exits.empty() ? u"There is no exit yet; import or apply one first."_s
                                        : u"No exit is chosen; choose one with `sally exit use NAME`."_s,
            u"exitName"_s};
    if (!findExit(configuration, wanted))
        return Error{Errc::UnknownName,
            u"There is no exit called %1; `sally exit list` shows those that there are."_s.arg(wanted), u"exitName"_s};
    return wanted;
}

constexpr std::ptrdiff_t kMostPaths = 64; ///< of one device, as many as it may have endpoints

bool isSameHost(const HostEndpoint &one, const HostEndpoint &other)
{
    return one.port == other.port && one.host.compare(other.host, Qt::CaseInsensitive) == 0;
}

/// Names are looked up by meshd only where the configuration has them: a preference brings no new ones in.
Result<HostEndpoint> knownAddress(const HostEndpoint &wanted, const Home &home, const Device &device)
{
    const auto configured = std::ranges::find_if(
        device.endpoints, [&](const Candidate &each) { return isSameHost(each.endpoint, wanted); });
    if (configured != device.endpoints.end())
        return configured->endpoint;
    const auto numeric = wanted.numeric();
    const QString place = u"path.address"_s;
    if (!numeric)
        return Error{Errc::InvalidArgument,
            u"%1 is no endpoint of %2; take one that `sally device show %2` lists."_s.arg(
                wanted.toString(), device.name),
            place};
    if (numeric->address.isUnspecified() || numeric->address.isMulticast())
        return Error{Errc::InvalidArgument, u"Nobody can be reached at %1."_s.arg(wanted.toString()), place};
    if (isInMesh(home, device, numeric->address))
        return Error{Errc::InvalidArgument,
            u"%1 is an address inside the mesh; an endpoint is where the device is reached from outside."_s.arg(
                wanted.toString()),
            place};
    return wanted;
}

Result<PathPreference> checkedPath(const PathPreference &wanted, const Configuration &configuration)
{
    const QString place = u"path.device"_s;
    if (!configuration.home)
        return Error{Errc::NotConfigured, u"There is no home yet; create, import or apply one first."_s, place};
    const Device *device = findDevice(*configuration.home, wanted.device);
    if (!device)
        return Error{Errc::UnknownName,
            u"There is no device called %1; `sally device list` shows those that there are."_s.arg(wanted.device),
            place};
    if (device->name == configuration.home->device)
        return Error{Errc::InvalidArgument, u"%1 is this machine itself."_s.arg(device->name), place};
    // What was said before may be taken back, whatever has become of the endpoint.
    if (wanted.use == Preference::None)
        return PathPreference{device->name, wanted.address, wanted.use};
    const auto address = knownAddress(wanted.address, *configuration.home, *device);
    if (!address)
        return address.error();
    return PathPreference{device->name, *address, wanted.use};
}

/// One word for each address, and one pinned address for each device.
Result<Done> say(std::vector<PathPreference> &paths, const PathPreference &word)
{
    std::erase_if(paths, [&](const PathPreference &each) {
        const bool isPinElsewhere = word.use == Preference::Pin && each.use == Preference::Pin;
        return each.device == word.device && (isPinElsewhere || isSameHost(each.address, word.address));
    });
    if (word.use == Preference::None)
        return Done{};
    if (std::ranges::count(paths, word.device, &PathPreference::device) >= kMostPaths)
        return Error{Errc::LimitExceeded,
            u"Something is said about %1 addresses of %2 already; release one first."_s.arg(kMostPaths)
                .arg(word.device),
            u"path"_s};
    paths.push_back(word);
    std::ranges::sort(paths, {}, [](const PathPreference &each) { return std::tie(each.device, each.address); });
    return Done{};
}

/// Still about a device of this configuration, and not about an address that is inside the mesh now.
bool remains(const PathPreference &path, const Configuration &configuration)
{
    if (!configuration.home || path.device == configuration.home->device)
        return false;
    const auto &devices = configuration.home->devices;
    const auto device = std::ranges::find(devices, path.device, &Device::name);
    const auto numeric = path.address.numeric();
    return device != devices.end() && !(numeric && isInMesh(*configuration.home, *device, numeric->address));
}

} // namespace

Result<Intent> changedIntent(const Intent &before, const IntentChange &change, const Configuration &configuration)
{
    if (change.pauseSeconds.value_or(0) != 0)
        return Error{
            Errc::UnsupportedRequirement, u"This version cannot pause yet; switch Exit off."_s, u"pauseSeconds"_s};
    Intent after = before;
    after.home = change.home.value_or(before.home);
    after.exit = change.exit.value_or(before.exit);
    after.lockdown = change.lockdown.value_or(before.lockdown);
    if (after.home && !configuration.home)
        return Error{Errc::NotConfigured, u"There is no home yet; create, import or apply one first."_s, u"home"_s};
    if (change.path) {
        const auto path = checkedPath(*change.path, configuration);
        if (!path)
            return path.error();
        if (const auto said = say(after.paths, *path); !said)
            return said.error();
    }
    if (!change.exitName && !(after.exit && change.exit))
        return after;
    const auto chosen = chosenExit(change.exitName.value_or(before.exitName), configuration);
    if (!chosen)
        return chosen.error();
    after.exitName = *chosen;
    return after;
}

Intent intentFor(const Intent &before, const Configuration &configuration)
{
    Intent after = before;
    after.home = before.home && configuration.home;
    if (!findExit(configuration, before.exitName)) {
        after.exit = false;
        after.exitName.clear();
    }
    std::erase_if(after.paths, [&](const PathPreference &path) { return !remains(path, configuration); });
    return after;
}

std::vector<std::pair<HostEndpoint, Preference>> preferencesOf(const Intent &intent, const QString &device)
{
    std::vector<std::pair<HostEndpoint, Preference>> preferences;
    for (const PathPreference &path : intent.paths) {
        if (path.device == device)
            preferences.emplace_back(path.address, path.use);
    }
    return preferences;
}

} // namespace sallyport
