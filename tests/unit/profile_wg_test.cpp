// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/wg_conf.h"
#include "tests/unit/wg_program.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

constexpr quint32 kSeed = 51820;
constexpr int kRandomFiles = 150;
const QByteArray kPrivate = "oIYH+jXhTEvLdDg1RP8RnNLVCeDtgKbTw3OVFcbG5Gc=";
const QByteArray kPublic = "2jRZyiO6ELFrIMjlM0lVdGYv/cxAhWZEPgBo/YrFVC0=";
const QByteArray kOther = "b/JwEDlmV8ybzm7ZyVlMTCcmULOGXx1IMnKVHo/LyUw=";

std::optional<QByteArray> s_unavailable; // set in main(), before Qt Test starts its threads

template<class Bytes>
QByteArray hex(const Bytes &bytes)
{
    return QByteArray(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size())).toHex();
}

/// Our reading in the words that wg uses towards an interface, sorted within each peer.
QByteArrayList ours(const WgConf &conf)
{
    QByteArrayList lines;
    if (conf.interface.privateKey)
        lines += "private_key=" + hex(conf.interface.privateKey->bytes());
    if (conf.interface.listenPort != 0)
        lines += "listen_port=" + QByteArray::number(conf.interface.listenPort);
    std::ranges::sort(lines);
    for (const WgConfPeer &peer : conf.peers) {
        QByteArrayList own = {"public_key=" + hex(peer.publicKey.bytes)};
        if (peer.presharedKey)
            own += "preshared_key=" + hex(peer.presharedKey->bytes());
        if (peer.endpoint)
            own += "endpoint=" + peer.endpoint->toString().toLatin1();
        if (peer.persistentKeepalive.value_or(0) != 0)
            own += "persistent_keepalive_interval=" + QByteArray::number(*peer.persistentKeepalive);
        for (const Prefix &prefix : peer.allowedIps)
            own += "allowed_ip=" + prefix.toCidr().toLatin1();
        std::ranges::sort(own);
        lines += own;
    }
    return lines;
}

/// wg sends host bits as written; the interface clears them.
QByteArray normalised(const QByteArray &line)
{
    if (!line.startsWith("allowed_ip="))
        return line;
    const auto prefix = Prefix::parse(QString::fromLatin1(line.mid(11)));
    return prefix ? "allowed_ip=" + prefix->toCidr().toLatin1() : line;
}

QByteArrayList theirs(const QByteArray &request)
{
    QByteArrayList lines;
    QByteArrayList own;
    const auto flush = [&] {
        std::ranges::sort(own);
        lines += own;
        own.clear();
    };
    for (const QByteArray &line : request.split('\n')) {
        const QByteArray key = line.left(line.indexOf('='));
        if (key == "public_key")
            flush();
        if (line == "private_key=" + QByteArray(64, '0')) // wg says "no key" like this
            continue;
        if (QByteArrayList{"", "set", "replace_peers", "replace_allowed_ips", "fwmark"}.contains(key)
            || line == "listen_port=0" || line == "persistent_keepalive_interval=0")
            continue;
        own += normalised(line);
    }
    flush();
    return lines;
}

void compare(const QByteArray &text)
{
    const auto conf = parseWgConf({text.constData(), static_cast<std::size_t>(text.size())});
    const auto request = wg_program::configured(text);
    const QByteArray told = conf ? QByteArray("we take it") : conf.error().detail.toUtf8();
    QVERIFY2(bool(conf) == request.has_value(), (told + '\n' + text).constData());
    if (conf)
        QVERIFY2(ours(*conf) == theirs(*request), (text + ours(*conf).join('\n') + "\n---\n" + *request).constData());
}

/// Files that are mostly right, in as many spellings as the grammar has.
class RandomConf {
public:
    explicit RandomConf(quint32 seed) : m_random(seed) {}

    QByteArray next()
    {
        QByteArray text = setting("[Interface]", {});
        for (int i = below(5); i > 0; --i)
            text += interfaceLine();
        for (int i = below(3); i > 0; --i) {
            text += setting("[Peer]", {}) + setting("PublicKey", i == 1 ? kPublic : kOther);
            for (int j = below(5); j > 0; --j)
                text += peerLine();
        }
        return below(3) == 0 ? text.chopped(1) : text;
    }

private:
    int below(int limit) { return static_cast<int>(m_random.bounded(limit)); }
    QByteArray pick(const QByteArrayList &list) { return list.at(below(static_cast<int>(list.size()))); }
    QByteArray blank() { return pick({"", "", " ", "\t", "  "}); }

    QByteArray setting(QByteArray key, const QByteArray &value)
    {
        for (char &c : key)
            c = below(4) == 0 ? static_cast<char>(c ^ (QChar::isLetter(static_cast<uint>(c)) ? 0x20 : 0)) : c;
        const QByteArray assignment = value.isNull() ? key : QByteArray(key + blank() + '=' + blank() + value);
        return blank() + assignment + blank() + pick({"", "", "# note", " # a = b"})
            + pick({"\n", "\n", "\r\n", "\n\n"});
    }

    QByteArray interfaceLine()
    {
        switch (below(6)) {
        case 0:
            return setting("PrivateKey", pick({kPrivate, kPrivate, "AAAA"}));
        case 1:
            return setting("ListenPort", pick({"0", "1", "51820", "65535", "007"}));
        case 2:
            return setting("FwMark", pick({"off", "0", "0x1f", "010", "77", "0xfffffffff", "no"}));
        case 3:
            return setting("SaveConfig", pick({"true", "false", "yes"}));
        case 4:
            return setting("PostUp", "echo x # y");
        default:
            return setting("Table", pick({"off", "auto", "77"}));
        }
    }

    QByteArray peerLine()
    {
        switch (below(4)) {
        case 0:
            return setting("AllowedIPs",
                pick({"10.0.0.1", "10.0.0.1/24 , fd00::1/64", "0.0.0.0/0,::/0", "10.0.0.1/33", "10.0.0.1,", "1.2.3",
                    "+10.0.0.1/32", "fd00::5"}));
        case 1:
            return setting("Endpoint",
                pick({"192.0.2.1:51820", "[2001:db8::1]:1", "2001:db8::1:51820", "192.0.2.1", "[2001:db8::1]", ":5"}));
        case 2:
            return setting("PersistentKeepalive", pick({"off", "0", "25", "65535", "65536", "-1", "x"}));
        default:
            return setting("PresharedKey", pick({kOther, kOther, "BBBB="}));
        }
    }

    QRandomGenerator m_random;
};

} // namespace

/// The programs whose files we read are the judges of how we read them.
class ProfileWgTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (s_unavailable)
            QSKIP(s_unavailable->constData());
    }

    void realFiles_meanTheSame_data()
    {
        QTest::addColumn<QString>("name");
        // The others have host names, which wg would ask the network for.
        for (const char *name : {"se-sto-wg-001", "proton-NL-14", "wgnet", "man-server", "man-policy", "generators"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void realFiles_meanTheSame()
    {
        QFETCH(QString, name);
        QFile file(QStringLiteral(TEST_DATA "/conf/") + name + u".conf"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        compare(file.readAll());
    }

    void spellings_meanTheSame_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray peer = "[Interface]\n[Peer]\nPublicKey=" + kPublic + '\n';
        QTest::newRow("blanks inside") << QByteArray("[ Inter face ]\nListen Port = 5 1 8\n");
        QTest::newRow("key with blanks") << "[Interface]\nPrivateKey = " + kPrivate.left(9) + "\t " + kPrivate.mid(9);
        QTest::newRow("two interfaces") << QByteArray("[Interface]\nListenPort=5\n[Interface]\nListenPort=6\n");
        QTest::newRow("peer first") << "[Peer]\nPublicKey=" + kPublic + "\n[Interface]\nListenPort=5\n";
        QTest::newRow("comment ends value") << peer + "AllowedIPs = 10.0.0.1 #, 10.0.0.2\n";
        QTest::newRow("endpoint twice") << peer + "Endpoint=192.0.2.1:5\nEndpoint=192.0.2.2:6\n";
        QTest::newRow("lists accumulate") << peer + "AllowedIPs=10.0.0.1\nAllowedIPs=10.1.0.0/16,10.2.0.0/16\n";
        QTest::newRow("no key") << QByteArray("[Interface]\n[Peer]\n");
        QTest::newRow("section tail") << QByteArray("[Interface]\n[Peer]x\n");
        QTest::newRow("before sections") << QByteArray("ListenPort=5\n[Interface]\n");
        QTest::newRow("unknown") << QByteArray("[Interface]\nColour=5\n");
        QTest::newRow("empty value") << QByteArray("[Interface]\nListenPort=\n");
        QTest::newRow("peer key in interface") << QByteArray("[Interface]\nAllowedIPs=10.0.0.1\n");
        QTest::newRow("address in peer") << peer + "Address=10.0.0.1\n";
        QTest::newRow("vertical tab") << QByteArray("[Interface]\nListenPort\v=\f5\n");
    }
    void spellings_meanTheSame()
    {
        QFETCH(QByteArray, text);
        compare(text);
    }

    void randomFiles_meanTheSame()
    {
        qInfo("seed %u", kSeed);
        RandomConf confs(kSeed);
        for (int i = 0; i < kRandomFiles && !QTest::currentTestFailed(); ++i)
            compare(confs.next());
    }
};

int main(int argc, char **argv)
{
    s_unavailable = wg_program::enterNamespace();
    QCoreApplication application(argc, argv);
    ProfileWgTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "profile_wg_test.moc"
