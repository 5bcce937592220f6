// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/dns_message.h"

#include <QList>
#include <QString>

#include <algorithm>
#include <map>
#include <set>

namespace sallyport::mesh {

namespace {

constexpr int kHeaderSize = 12;
constexpr int kLongestName = 255;
constexpr int kLongestLabel = 63;
constexpr int kLongestChain = 16; ///< of aliases
constexpr quint16 kInternet = 1;
constexpr quint16 kA = 1;
constexpr quint16 kAlias = 5;
constexpr quint16 kAuthority = 6;
constexpr quint16 kAaaa = 28;
constexpr std::chrono::seconds kDefaultAbsence{60};
constexpr std::chrono::seconds kLongestLifetime{24 * 3600};

quint16 typeOf(Family family)
{
    return family == Family::IPv4 ? kA : kAaaa;
}

void append16(QByteArray &bytes, quint16 number)
{
    bytes.append(char(number >> 8)).append(char(number & 0xff));
}

char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? char(letter - 'A' + 'a') : letter;
}

/// Reads forwards; after the first thing that does not fit everything is zero and `isFine` false.
class Reader {
public:
    explicit Reader(QByteArrayView bytes) : m_bytes(bytes) {}

    bool isFine() const { return m_isFine; }
    quint16 number16() { return quint16(number(2)); }
    quint32 number32() { return number(4); }
    QByteArrayView take(qsizetype size)
    {
        if (!m_isFine || size > m_bytes.size() - m_at) {
            m_isFine = false;
            return {};
        }
        m_at += size;
        return m_bytes.sliced(m_at - size, size);
    }
    QByteArray name();
    /// A name inside of data that end at `end`.
    qsizetype at() const { return m_at; }
    Reader from(qsizetype at) const
    {
        Reader other(m_bytes);
        other.m_at = at;
        return other;
    }

private:
    quint32 number(int size)
    {
        quint32 number = 0;
        for (const char byte : take(size))
            number = (number << 8) | quint8(byte);
        return number;
    }

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
    bool m_isFine = true;
};

/// Pointers go backwards only, so that there is an end.
QByteArray Reader::name()
{
    QByteArray name;
    qsizetype at = m_at;
    qsizetype limit = m_at;
    bool hasJumped = false;
    for (;;) {
        if (at >= m_bytes.size())
            break;
        const int length = quint8(m_bytes[at]);
        if ((length & 0xc0) == 0xc0 && at + 1 < m_bytes.size()) {
            const qsizetype target = ((length & 0x3f) << 8) | quint8(m_bytes[at + 1]);
            if (!std::exchange(hasJumped, true))
                m_at = at + 2;
            if (target >= limit)
                break;
            at = limit = target;
            continue;
        }
        if (length > kLongestLabel || at + 1 + length > m_bytes.size() || name.size() + length + 1 > kLongestName)
            break;
        name.append(char(length));
        std::ranges::transform(m_bytes.sliced(at + 1, length), std::back_inserter(name), lower);
        at += 1 + length;
        if (length == 0) {
            if (!hasJumped)
                m_at = at;
            return name;
        }
    }
    m_isFine = false;
    return {};
}

struct Record {
    QByteArray owner;
    quint16 type = 0;
    std::chrono::seconds lifetime{0};
    QByteArrayView data;
    QByteArray target; ///< of an alias
    std::chrono::seconds absence{0}; ///< of an authority
};

std::chrono::seconds lifetimeFrom(quint32 seconds)
{
    // RFC 2181 section 8: the highest bit set means zero.
    return (seconds >> 31) != 0 ? std::chrono::seconds(0) : std::min(std::chrono::seconds(seconds), kLongestLifetime);
}

Record readRecord(Reader &reader)
{
    Record record;
    record.owner = reader.name();
    record.type = reader.number16();
    const quint16 network = reader.number16();
    record.lifetime = lifetimeFrom(reader.number32());
    const quint16 size = reader.number16();
    Reader inner = reader.from(reader.at());
    record.data = reader.take(size);
    if (network != kInternet)
        record.type = 0;
    if (record.type == kAlias)
        record.target = inner.name();
    if (record.type == kAuthority && record.data.size() >= 4) {
        Reader last = reader.from(reader.at() - 4);
        record.absence = std::min(record.lifetime, lifetimeFrom(last.number32()));
    }
    return record;
}

/// The name that was asked for and what it is an alias of.
std::set<QByteArray> chainFrom(const QByteArray &name, const std::vector<Record> &records)
{
    std::set<QByteArray> chain = {name};
    QByteArray last = name;
    for (int length = 0; length < kLongestChain; ++length) {
        const auto alias = std::ranges::find_if(
            records, [&](const Record &record) { return record.type == kAlias && record.owner == last; });
        if (alias == records.end() || !chain.insert(alias->target).second)
            break;
        last = alias->target;
    }
    return chain;
}

bool canBeElsewhere(const IpAddress &address)
{
    const auto bytes = address.bytes();
    const bool isBroadcast = address.family() == Family::IPv4 && bytes[0] >= 240;
    const bool isThisNetwork = address.family() == Family::IPv4 && bytes[0] == 0;
    // Mapped and compatible IPv4 (RFC 4291 section 2.5.5), unspecified and loopback.
    const bool isEmbedded = address.family() == Family::IPv6
        && std::ranges::all_of(bytes.first(10), [](quint8 byte) { return byte == 0; });
    return !isBroadcast && !isThisNetwork && !isEmbedded && !address.isUnspecified() && !address.isLoopback()
        && !address.isMulticast() && !address.isLinkLocal();
}

std::optional<IpAddress> addressIn(const Record &record, const DnsQuestion &question)
{
    const qsizetype size = question.family == Family::IPv4 ? 4 : 16;
    if (record.type != typeOf(question.family) || record.data.size() != size)
        return {};
    return IpAddress::fromBytes(
        question.family, {reinterpret_cast<const quint8 *>(record.data.data()), std::size_t(size)});
}

DnsReply replyFrom(const std::vector<Record> &answers, const DnsQuestion &question)
{
    const std::set<QByteArray> chain = chainFrom(question.name, answers);
    DnsReply reply{.kind = DnsReply::Kind::Addresses, .lifetime = kLongestLifetime};
    for (const Record &record : answers) {
        const auto address = addressIn(record, question);
        const bool belongs = chain.contains(record.owner) && (address || record.type == kAlias);
        if (!belongs)
            continue;
        reply.lifetime = std::min(reply.lifetime, record.lifetime);
        const bool isNew = address && canBeElsewhere(*address) && reply.addresses.size() < kMostAddresses
            && !std::ranges::count(reply.addresses, *address);
        if (isNew)
            reply.addresses.push_back(*address);
    }
    return reply;
}

DnsReply absenceFrom(const std::vector<Record> &authority)
{
    DnsReply reply{.kind = DnsReply::Kind::Absent, .lifetime = kDefaultAbsence};
    for (const Record &record : authority) {
        if (record.type == kAuthority)
            reply.lifetime = record.absence;
    }
    return reply;
}

std::vector<Record> readRecords(Reader &reader, quint16 count)
{
    std::vector<Record> records;
    for (quint16 i = 0; i < count && reader.isFine(); ++i)
        records.push_back(readRecord(reader));
    return records;
}

} // namespace

std::optional<DnsQuestion> questionFor(const QString &name, Family family)
{
    DnsQuestion question{{}, family};
    for (const QByteArray &label : name.toLatin1().split('.')) {
        const bool isRoot = label.isEmpty() && !question.name.isEmpty() && name.endsWith(u'.');
        if (isRoot)
            break;
        if (label.isEmpty() || label.size() > kLongestLabel)
            return {};
        question.name.append(char(label.size()));
        std::ranges::transform(label, std::back_inserter(question.name), lower);
    }
    question.name.append('\0');
    return question.name.size() > kLongestName ? std::nullopt : std::optional(question);
}

QByteArray encodeQuestion(const DnsQuestion &question, quint16 id)
{
    constexpr quint16 kRecursionDesired = 0x0100;
    QByteArray bytes;
    append16(bytes, id);
    append16(bytes, kRecursionDesired);
    for (const quint16 count : {1, 0, 0, 0})
        append16(bytes, count);
    bytes.append(question.name);
    append16(bytes, typeOf(question.family));
    append16(bytes, kInternet);
    return bytes;
}

std::optional<DnsReply> decodeReply(QByteArrayView bytes, const DnsQuestion &question, quint16 id)
{
    Reader reader(bytes);
    const quint16 answeredId = reader.number16();
    const quint16 flags = reader.number16();
    const quint16 questions = reader.number16();
    const quint16 answers = reader.number16();
    const quint16 authorities = reader.number16();
    reader.number16();
    const bool isAnswer = answeredId == id && (flags & 0x8000) != 0 && (flags & 0x7800) == 0 && questions == 1;
    const bool isOurs = isAnswer && reader.name() == question.name && reader.number16() == typeOf(question.family)
        && reader.number16() == kInternet;
    if (!isOurs || !reader.isFine())
        return {};
    const int code = flags & 0xf;
    constexpr int kNoSuchName = 3;
    if ((flags & 0x0200) != 0)
        return DnsReply{.kind = DnsReply::Kind::Truncated};
    if (code != 0 && code != kNoSuchName)
        return DnsReply{.kind = DnsReply::Kind::Refused};
    const std::vector<Record> answered = readRecords(reader, answers);
    const std::vector<Record> authority = readRecords(reader, authorities);
    if (!reader.isFine())
        return {};
    const DnsReply reply = replyFrom(answered, question);
    const bool isThere = code == 0
        && std::ranges::any_of(answered, [&](const Record &record) { return addressIn(record, question).has_value(); });
    return isThere ? reply : absenceFrom(authority);
}

} // namespace sallyport::mesh
