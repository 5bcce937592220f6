// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/kernel_test.h"
#include "tests/lab/kernel/wires.h"
#include "tests/model/walk.h"

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

#include <random>

using namespace sallyport;
using namespace sallyport::test;
using namespace sallyport::model;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRounds = 16; ///< each at one place, beginning with nothing
constexpr int kSlowRounds = 3;
constexpr int kPlans = 4; ///< in each round; every other one stops halfway, as in a crash
constexpr int kLooks = 3; ///< in each plan

const QString kUplink = u"eth0"_s;

template<class T, class... Those>
constexpr bool isAmong = (std::is_same_v<T, Those> || ...);
template<class T>
constexpr bool isForKernel = isAmong<T, SetLinkMtu, AddAddress, DeleteAddress, PutRoute, DeleteRoute, AddRule,
    DeleteRule, ReplaceTable, DeleteTable, ForgetUnresolvedNeighbours, RestoreSetting>;

/// By which link a packet leaves first, `here`, or nothing.
QString firstHop(const Fate &fate)
{
    if (fate.isEncrypted())
        return fate.tunnels[0].toString();
    if (fate.end == Fate::End::Here)
        return u"here"_s;
    return fate.end == Fate::End::Left ? fate.link.toString() : QString();
}

QString shown(const QString &hop)
{
    return hop.isEmpty() ? u"nowhere"_s : hop;
}

} // namespace

/// Does what plans say to this kernel and to the model of it, and asks both where packets go. The tunnels are plain
/// links here: what enters them is seen at their far ends, and what they would send is among the classes of packets.
class ModelKernelTest : public KernelTest {
    Q_OBJECT

private:
    void prepare() override;
    void standAt(const Ground &ground);
    void execute(const Operation &operation);
    void compare(const Machine &machine, const Wish &wish, const QString &when);
    void compareRoute(const Routing &routing, const Packet &packet, const QString &what);
    void clean();
    std::optional<Packet> packetFor(Class which, const Path &path, Place place) const;

    std::unique_ptr<Wires> m_wires;
    std::shared_ptr<ReadTables> m_tables = std::make_shared<ReadTables>();
    std::mt19937 m_random;
    quint32 m_seed = 0;
    quint32 m_cookie = 0;
    int m_looks = 0;
    int m_packets = 0;
    int m_routes = 0;
    QStringList m_differences;
    QElapsedTimer m_clock;

private Q_SLOTS:
    void theModelSaysWhatTheKernelDoes();
};

void ModelKernelTest::prepare()
{
    m_clock.start();
    bool given = false;
    m_seed = qEnvironmentVariable("SALLYPORT_SEED").toUInt(&given);
    if (!given)
        m_seed = std::random_device{}();
    m_random.seed(m_seed);
    const auto set = [](const QString &path, const char *value) {
        QFile file(u"/proc/sys/net/"_s + path);
        QVERIFY2(file.open(QIODevice::WriteOnly) && file.write(value) > 0, qPrintable(path));
    };
    m_wires = std::make_unique<Wires>(
        QStringList{u"docker0"_s, kUplink, QString::fromLatin1(kHomeLink), QString::fromLatin1(kExitLink)});
    // A machine that forwards, so that it is the filter that decides; the model knows nothing of reverse paths.
    set(u"ipv4/ip_forward"_s, "1");
    set(u"ipv6/conf/all/forwarding"_s, "1");
    for (const QString &link : {u"all"_s, u"default"_s, u"docker0"_s, kUplink, QString::fromLatin1(kHomeLink),
             QString::fromLatin1(kExitLink)}) {
        set(u"ipv4/conf/%1/rp_filter"_s.arg(link), "0");
        set(u"ipv4/conf/%1/send_redirects"_s.arg(link), "0");
        set(u"ipv6/conf/%1/accept_ra"_s.arg(link), "0");
    }
    m_wires->setUp(u"docker0"_s);
}

void ModelKernelTest::clean()
{
    for (const QString &link :
        {kUplink, u"docker0"_s, QString::fromLatin1(kHomeLink), QString::fromLatin1(kExitLink)}) {
        run({u"ip"_s, u"addr"_s, u"flush"_s, u"dev"_s, link});
        if (link != u"docker0"_s)
            run({u"ip"_s, u"link"_s, u"set"_s, link, u"down"_s});
    }
    const Result<ObservedState> state = m_kernel.observe();
    QVERIFY(state);
    for (const Route &route : state->routes)
        VERIFY_DONE(m_kernel.execute(DeleteRoute{route}));
    for (const sallyport::Rule &rule : state->rules)
        VERIFY_DONE(m_kernel.execute(DeleteRule{rule}));
    for (const ObservedTable &table : state->tables)
        VERIFY_DONE(m_kernel.execute(DeleteTable{table.name}));
}

void ModelKernelTest::standAt(const Ground &ground)
{
    clean();
    for (const GroundLink &link : ground.links) {
        m_wires->setUp(link.name);
        for (const InterfaceAddress &own : link.addresses)
            run({u"ip"_s, u"addr"_s, u"add"_s, own.toString(), u"dev"_s, link.name, u"nodad"_s});
    }
    for (const Route &route : ground.routes) {
        const QString family = route.family == Family::IPv4 ? u"-4"_s : u"-6"_s;
        run({u"ip"_s, family, u"route"_s, u"add"_s, route.destination.toCidr(), u"dev"_s, route.device});
    }
}

void ModelKernelTest::execute(const Operation &operation)
{
    // What WireGuard is asked for is the model's alone.
    std::visit(Overloaded{
                   [&](const CreateLink &) {},
                   [&](const DeleteLink &each) {
                       run({u"ip"_s, u"link"_s, u"set"_s, each.name, u"down"_s});
                       run({u"ip"_s, u"addr"_s, u"flush"_s, u"dev"_s, each.name});
                   },
                   [&](const SetLinkUp &each) { m_wires->setUp(each.name); },
                   [&](const ConfigureWireGuard &) {},
                   [&](const WriteSetting &each) {
                       // Reverse paths, which the model does not know, are as they are; the rest is written.
                       if (!each.setting.path.endsWith(u"rp_filter"_s))
                           VERIFY_DONE(m_kernel.execute(each));
                   },
                   [&](const WriteHosts &) {},
                   [&](const WriteBootGuard &) {},
                   [&](const WriteDns &) {},
                   [&]<class Each>(const Each &each) {
                       static_assert(
                           isForKernel<Each>, "a new operation: is it the kernel's, and does the model know it?");
                       VERIFY_DONE(m_kernel.execute(each));
                   },
               },
        operation);
}

std::optional<Packet> ModelKernelTest::packetFor(Class which, const Path &path, Place place) const
{
    std::optional<Packet> packet = packetsAt(place).at(static_cast<std::size_t>(which));
    // The answer to a packet of before needs a packet of before.
    if (!packet || which == Class::InReply || (!packet->input.isEmpty() && !path.routing().isUp(packet->input)))
        return std::nullopt;
    const bool isFree = packet->sourcePort == 40000;
    if (isFree) // a connection of its own each time, or connection tracking would know it
        packet->sourcePort = static_cast<quint16>(20000 + m_cookie % 40000);
    if (packet->source.isUnspecified() && packet->input.isEmpty()) {
        const Way way = path.routing().wayOf(*packet);
        packet->source = path.routing().sourceFor(way.link, packet->destination);
    }

    return packet;
}

void ModelKernelTest::compareRoute(const Routing &routing, const Packet &packet, const QString &what)
{
    QStringList command = {u"ip"_s, u"-j"_s, packet.family() == Family::IPv4 ? u"-4"_s : u"-6"_s, u"route"_s, u"get"_s,
        packet.destination.toString()};
    if (packet.mark != 0)
        command += {u"mark"_s, QString::number(packet.mark)};
    QProcess process;
    process.start(command.first(), command.mid(1));
    QVERIFY(process.waitForFinished());
    const QJsonObject answer = QJsonDocument::fromJson(process.readAllStandardOutput()).array().at(0).toObject();
    const bool refuses = process.exitCode() != 0 || answer[u"type"_s].toString() == u"unreachable"_s;
    const QString kernel = refuses ? QString() : answer[u"dev"_s].toString();
    const Way way = routing.wayOf(packet);
    const QString model
        = way.kind == Way::Kind::Out ? way.link.toString() : (way.kind == Way::Kind::Here ? u"lo"_s : QString());
    ++m_routes;
    if (kernel != model)
        m_differences += u"%1: route: the model says %2, the kernel %3"_s.arg(what, shown(model), shown(kernel));
}

void ModelKernelTest::compare(const Machine &machine, const Wish &wish, const QString &when)
{
    const Path path(machine);
    std::map<quint32, std::pair<QString, QString>> expected; // what it is, where it should be seen
    const bool asksRoutes = ++m_looks % 4 == 0;
    for (std::size_t i = 0; i < kClasses; ++i) {
        const auto packet = packetFor(static_cast<Class>(i), path, wish.place);
        if (!packet)
            continue;
        const QString what = u"%1: %2: %3"_s.arg(wish.toString(), when, nameOf(static_cast<Class>(i)));
        ++m_cookie;
        expected.emplace(m_cookie, std::pair(what, firstHop(path.fateOf(*packet))));
        packet->input.isEmpty() ? m_wires->send(*packet, m_cookie) : m_wires->inject(*packet, m_cookie);
        ++m_packets;
        if (asksRoutes && packet->input.isEmpty() && packet->output.isEmpty())
            compareRoute(path.routing(), *packet, what);
    }
    const Seen seen = m_wires->collect();
    for (const auto &[cookie, expectation] : expected) {
        const auto [first, last] = seen.equal_range(cookie);
        QString kernel;
        for (auto each = first; each != last; ++each) {
            // Broadcast and multicast come back to the sender as well.
            if (std::next(first) != last && each->second == u"here"_s)
                continue;
            kernel += (kernel.isEmpty() ? QString() : u" and "_s) + each->second;
        }
        if (kernel != expectation.second)
            m_differences += u"%1: the model says %2, the kernel %3"_s.arg(
                expectation.first, shown(expectation.second), shown(kernel));
    }
}

void ModelKernelTest::theModelSaysWhatTheKernelDoes()
{
    const std::vector<Wish> wishes = allWishes();
    const std::size_t beside = wishes.size() / kPlaces.size();
    // An emulated machine has a tenth of the time, and as many other seeds as it has runs.
    const int rounds = qEnvironmentVariableIsSet("SALLYPORT_SLOW") ? kSlowRounds : kRounds;
    const std::size_t firstPlace = m_random() % kPlaces.size();
    for (int round = 0; round < rounds; ++round) {
        const std::size_t place = (firstPlace + static_cast<std::size_t>(round)) % kPlaces.size();
        standAt(groundOf(kPlaces.at(place)));
        Machine machine(groundOf(kPlaces.at(place)), m_tables);
        for (int plan = 0; plan < kPlans; ++plan) {
            const Wish &wish = wishes[place * beside + m_random() % beside];
            const auto operations = plannedByProduct(desiredFor(wish), machine.observe());
            const std::size_t end
                = plan % 2 == 0 || operations.empty() ? operations.size() : m_random() % operations.size();
            const std::size_t stride = std::max<std::size_t>(end / kLooks, 1);
            for (std::size_t i = 0; i < end; ++i) {
                execute(operations[i]);
                VERIFY_DONE(machine.apply(operations[i]));
                if ((i + 1) % stride == 0 || i + 1 == end)
                    compare(machine, wish, u"after "_s + describe(operations[i]));
                if (QTest::currentTestFailed())
                    return;
            }
        }
    }
    qInfo("seed %u: %d states, %d packets, %d routes compared in %lld ms", m_seed, m_looks, m_packets, m_routes,
        m_clock.elapsed());
    for (const QString &difference : m_differences.mid(0, 12))
        qWarning("%s", qPrintable(difference));
    QVERIFY2(m_differences.isEmpty(), qPrintable(u"%1 differences, seed %2"_s.arg(m_differences.size()).arg(m_seed)));
}

int main(int argc, char **argv)
{
    return runInPrivateNetwork<ModelKernelTest>(argc, argv);
}
#include "model_kernel_test.moc"
