// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/desired_state_of.h"
#include "core/plan/planner.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"
#include "tests/bench/bare_kernel.h"

#include <QFile>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

/// bench_floor CONFIGURATION.json LINK ADDRESS...: the plans of the product, carried out with the least effort.
/// Reads `home on`, `home off`, `exit on`, `exit off` from its input and answers each with the microseconds of what
/// comes before the reply, of what comes after it, and the number of operations.
namespace {

using namespace sallyport;
using namespace Qt::StringLiterals;

[[noreturn]] void giveUp(const QString &why)
{
    std::fprintf(stderr, "bench_floor: %s\n", why.toUtf8().constData());
    std::exit(1);
}

template<class T>
T must(Result<T> result, const QString &what)
{
    if (!result)
        giveUp(what + u": "_s + result.error().detail);
    return std::move(*result);
}

/// What the kernel shows once `desired` is in force.
ObservedState asObserved(const DesiredState &desired, const std::vector<Uplink> &uplinks)
{
    ObservedState state;
    for (const DesiredLink &link : desired.links) {
        ObservedLink seen{link.name, true, Backend::Kernel, true, link.mtu, link.addresses, link.publicKey,
            link.listenPort, link.mark, {}};
        for (const DesiredPeer &peer : link.peers)
            seen.peers.push_back({peer.peer, {}});
        state.links.push_back(std::move(seen));
    }
    state.routes = desired.routes;
    state.rules = desired.rules;
    for (const Table &table : desired.tables)
        state.tables.push_back({table.name, table.version});
    for (const Setting &setting : desired.settings)
        state.settings.push_back({setting, true});
    state.hosts = desired.hosts;
    state.bootGuard = desired.bootGuard;
    state.uplinks = uplinks;
    return state;
}

struct Toggle {
    Plan on;
    Plan off;
};

Toggle toggleOf(const Configuration &configuration, const Intent &intent, const std::vector<Uplink> &uplinks,
    const KnownSecrets &secrets)
{
    const DesiredState wanted = desiredStateOf(configuration, intent, {uplinks, {}}, secrets);
    ObservedState nothing;
    nothing.uplinks = uplinks;
    return {plan(wanted, nothing), plan({}, asObserved(wanted, uplinks))};
}

double carryOut(const std::vector<Operation> &operations, bench::BareKernel &kernel)
{
    const auto started = std::chrono::steady_clock::now();
    for (const Operation &operation : operations) {
        if (const int error = kernel.execute(operation); error != 0)
            giveUp(describe(operation) + u": "_s + QString::fromLocal8Bit(std::strerror(error)));
    }
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - started).count();
}

Uplink uplinkOf(int count, char **words)
{
    Uplink uplink;
    uplink.name = QString::fromLatin1(words[0]);
    uplink.hasDefaultRoute = true;
    for (int i = 1; i < count; ++i)
        uplink.addresses.push_back(must(InterfaceAddress::parse(QString::fromLatin1(words[i])), u"address"_s));
    return uplink;
}

void serve(const std::map<std::string, Plan> &plans, bench::BareKernel &kernel)
{
    for (std::string line; std::getline(std::cin, line);) {
        const auto found = plans.find(line);
        if (found == plans.end())
            giveUp(u"unknown request"_s);
        const double now = carryOut(found->second.now, kernel);
        const double later = carryOut(found->second.later, kernel);
        std::printf("%.1f %.1f %zu\n", now, later, found->second.now.size());
        std::fflush(stdout);
    }
}

} // namespace

int main(int count, char **words)
{
    if (count < 3)
        giveUp(u"usage: bench_floor CONFIGURATION.json LINK ADDRESS..."_s);
    QFile file(QString::fromLocal8Bit(words[1]));
    if (!file.open(QIODevice::ReadOnly))
        giveUp(u"cannot read the configuration"_s);
    const Configuration configuration
        = must(decodeConfiguration(must(readJson(file.readAll()), u"JSON"_s)), u"configuration"_s).configuration;
    const std::vector<Uplink> uplinks{uplinkOf(count - 2, words + 2)};
    std::map<QString, SecretKey> keys;
    KnownSecrets known;
    for (const QString &name : secretNames(configuration)) {
        const SecretKey &key = keys.emplace(name, SecretKey::generatePrivate()).first->second;
        known[name] = {key.publicKey(), key.digest()};
    }
    const QString exitName = configuration.exits.empty() ? QString() : configuration.exits.front().name;
    const Toggle home = toggleOf(configuration, {true, false, {}, false}, uplinks, known);
    const Toggle exit = toggleOf(configuration, {false, true, exitName, false}, uplinks, known);
    bench::BareKernel kernel(std::move(keys));
    serve({{"home on", home.on}, {"home off", home.off}, {"exit on", exit.on}, {"exit off", exit.off}}, kernel);
    return 0;
}
