// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/uapi_text.h"

#include <charconv>
#include <sodium.h>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array<quint8, kKeySize> kNoKey{};

void appendNumber(SecretBuffer &text, std::string_view key, quint32 number)
{
    text.append(key);
    text.append(std::to_string(number));
    text.append("\n");
}

void appendKey(SecretBuffer &text, std::string_view key, std::span<const quint8> value)
{
    text.append(key);
    text.appendHex(value);
    text.append("\n");
}

void appendText(SecretBuffer &text, std::string_view key, const QString &value)
{
    text.append(key);
    text.append(value.toStdString());
    text.append("\n");
}

/// An IPv6 link-local endpoint carries its interface as a zone.
QString zonedEndpoint(const Endpoint &endpoint)
{
    if (endpoint.scopeId == 0 || endpoint.address.family() == Family::IPv4)
        return endpoint.toString();
    return u"[%1%%2]:%3"_s.arg(endpoint.address.toString()).arg(endpoint.scopeId).arg(endpoint.port);
}

Result<Done> appendPeer(const PeerChange &peer, const Secrets &secrets, SecretBuffer &text)
{
    appendKey(text, "public_key=", peer.publicKey.bytes);
    if (peer.updateOnly)
        text.append("update_only=true\n");
    if (peer.remove) {
        text.append("remove=true\n");
        return Done{};
    }
    if (peer.presharedKeyName && peer.presharedKeyName->isEmpty()) {
        appendKey(text, "preshared_key=", kNoKey);
    } else if (peer.presharedKeyName) {
        const auto key = secretNamed(*peer.presharedKeyName, secrets);
        if (!key)
            return key.error();
        appendKey(text, "preshared_key=", (*key)->bytes());
    }
    if (peer.endpoint)
        appendText(text, "endpoint=", zonedEndpoint(*peer.endpoint));
    if (peer.persistentKeepalive)
        appendNumber(text, "persistent_keepalive_interval=", *peer.persistentKeepalive);
    if (peer.allowedIps) {
        text.append("replace_allowed_ips=true\n");
        for (const Prefix &prefix : *peer.allowedIps)
            appendText(text, "allowed_ip=", prefix.toCidr());
    }
    return Done{};
}

template<class T>
bool readNumber(std::string_view text, T &number)
{
    T parsed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error != std::errc{} || end != text.data() + text.size())
        return false;
    number = parsed;
    return true;
}

bool readKey(std::string_view hex, std::span<quint8, kKeySize> key)
{
    std::size_t length = 0;
    return hex.size() == kKeySize * 2
        && sodium_hex2bin(key.data(), key.size(), hex.data(), hex.size(), nullptr, &length, nullptr) == 0
        && length == kKeySize;
}

QString toText(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

/// Reads the lines of one answer, from top to bottom.
class AnswerReader {
public:
    /// False: the value is none of its key.
    bool read(std::string_view key, std::string_view value)
    {
        if (key == "public_key")
            return readPeer(value);
        return m_device.peers.empty() ? readDevice(key, value) : readOfPeer(m_device.peers.back(), key, value);
    }

    Device take()
    {
        normalise(m_device);
        return std::move(m_device);
    }

private:
    bool readDevice(std::string_view key, std::string_view value)
    {
        if (key == "private_key")
            return readPrivateKey(value);
        if (key == "listen_port")
            return readNumber(value, m_device.listenPort);
        if (key == "fwmark")
            return readNumber(value, m_device.mark);
        return true;
    }

    bool readPrivateKey(std::string_view value)
    {
        std::array<quint8, kKeySize> bytes{};
        const bool valid = readKey(value, bytes);
        if (valid && sodium_is_zero(bytes.data(), bytes.size()) == 0)
            m_device.publicKey = SecretKey::fromBytes(bytes).publicKey();
        sodium_memzero(bytes.data(), bytes.size());
        return valid;
    }

    bool readPeer(std::string_view value)
    {
        m_handshakeSeconds = 0;
        m_device.peers.emplace_back();
        return readKey(value, m_device.peers.back().peer.publicKey.bytes);
    }

    bool readOfPeer(ObservedPeer &observed, std::string_view key, std::string_view value)
    {
        if (key == "preshared_key")
            return readPresharedKey(observed.peer, value);
        if (key == "endpoint")
            return readEndpoint(observed.peer, value);
        if (key == "allowed_ip")
            return readAllowedIp(observed.peer, value);
        if (key == "persistent_keepalive_interval")
            return readNumber(value, observed.peer.persistentKeepalive);
        return readActivity(observed.activity, key, value);
    }

    bool readActivity(PeerActivity &activity, std::string_view key, std::string_view value)
    {
        if (key == "rx_bytes")
            return readNumber(value, activity.receivedBytes);
        if (key == "tx_bytes")
            return readNumber(value, activity.sentBytes);
        if (key == "last_handshake_time_sec") {
            const bool valid = readNumber(value, m_handshakeSeconds);
            activity.handshakeAge = handshakeAge(m_handshakeSeconds, 0);
            return valid;
        }
        return true;
    }

    static bool readPresharedKey(Peer &peer, std::string_view value)
    {
        std::array<quint8, kKeySize> bytes{};
        const bool valid = readKey(value, bytes);
        peer.presharedKey = SecretKey::digestOf(bytes);
        sodium_memzero(bytes.data(), bytes.size());
        return valid;
    }

    static bool readEndpoint(Peer &peer, std::string_view value)
    {
        std::string text(value);
        quint32 scope = 0;
        const std::size_t zone = text.find('%');
        const std::size_t end = text.find(']');
        if (zone != std::string::npos && end != std::string::npos && zone < end) {
            // A zone that is a name rather than an index does not change where it leads.
            (void)readNumber(std::string_view(text).substr(zone + 1, end - zone - 1), scope);
            text.erase(zone, end - zone);
        }
        Result<Endpoint> endpoint = Endpoint::parse(toText(text));
        if (!endpoint)
            return false;
        endpoint->scopeId = scope;
        peer.endpoint = *endpoint;
        return true;
    }

    static bool readAllowedIp(Peer &peer, std::string_view value)
    {
        const Result<Prefix> prefix = Prefix::parse(toText(value));
        if (prefix)
            peer.allowedIps.push_back(*prefix);
        return static_cast<bool>(prefix);
    }

    Device m_device;
    qint64 m_handshakeSeconds = 0;
};

Error damaged(std::string_view key)
{
    // The value is left out: it may be a key.
    return Error{Errc::KernelRefused,
        u"The user-space WireGuard program sent a line that cannot be understood ('%1')."_s.arg(
            toText(key.substr(0, 40))),
        {}};
}

} // namespace

Result<Done> writeSetRequest(const ConfigureWireGuard &change, const Secrets &secrets, SecretBuffer &text)
{
    text.append("set=1\n");
    if (change.privateKeyName) {
        const auto key = secretNamed(*change.privateKeyName, secrets);
        if (!key)
            return key.error();
        appendKey(text, "private_key=", (*key)->bytes());
    }
    if (change.listenPort)
        appendNumber(text, "listen_port=", *change.listenPort);
    if (change.mark)
        appendNumber(text, "fwmark=", *change.mark);
    if (change.replacePeers)
        text.append("replace_peers=true\n");
    for (const PeerChange &peer : change.peers) {
        if (Result<Done> appended = appendPeer(peer, secrets, text); !appended)
            return appended.error();
    }
    text.append("\n");
    return Done{};
}

Result<Device> parseGetAnswer(std::string_view answer)
{
    AnswerReader reader;
    while (!answer.empty()) {
        const std::size_t end = answer.find('\n');
        const std::string_view line = answer.substr(0, end);
        answer.remove_prefix(end == std::string_view::npos ? answer.size() : end + 1);
        if (line.empty())
            break;
        const std::size_t equals = line.find('=');
        if (equals == std::string_view::npos)
            return damaged({});
        const std::string_view key = line.substr(0, equals);
        if (key != "errno" && !reader.read(key, line.substr(equals + 1)))
            return damaged(key);
    }
    return reader.take();
}

Result<int> parseErrorNumber(std::string_view answer)
{
    constexpr std::string_view kKey = "errno=";
    const std::size_t start = answer.rfind(kKey);
    int number = 0;
    const bool atLineStart = start != std::string_view::npos && (start == 0 || answer[start - 1] == '\n');
    if (!atLineStart || !answer.ends_with("\n\n")
        || !readNumber(answer.substr(start + kKey.size(), answer.size() - start - kKey.size() - 2), number))
        return damaged("errno");
    return number;
}

} // namespace sallyport::wireguard
