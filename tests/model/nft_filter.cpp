// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/model/nft_filter.h"

#include <algorithm>

namespace sallyport::model::nft {

namespace {

constexpr quint8 kTcpSyn = 2;

/// The field as the packet has it, or none where it has no such field.
std::optional<Value> valueOf(const Field &field, const Packet &packet, const KindOf &kindOf)
{
    if (field.family && *field.family != packet.family())
        return std::nullopt;
    if (field.protocol && *field.protocol != static_cast<quint8>(packet.protocol))
        return std::nullopt;
    const bool hasPorts = packet.protocol == Protocol::Tcp || packet.protocol == Protocol::Udp;
    switch (field.key) {
    case Key::InputName:
        return Value::of(packet.input);
    case Key::OutputName:
        return Value::of(packet.output);
    case Key::Mark:
        return Value::of(packet.mark);
    case Key::FlowMark:
        return Value::of(packet.flowMark);
    case Key::FlowState:
        return Value::of(static_cast<quint64>(packet.flow));
    case Key::FlowDirection:
        return Value::of(packet.isReply ? 1U : 0U);
    case Key::NetworkProtocol:
        return Value::of(packet.family() == Family::IPv4 ? 2U : 10U);
    case Key::Protocol:
        return Value::of(static_cast<quint64>(packet.protocol));
    case Key::User:
        return packet.input.isEmpty() ? std::optional(Value::of(packet.user)) : std::nullopt;
    case Key::Source4:
    case Key::Source6:
        return Value::of(packet.source);
    case Key::Destination4:
    case Key::Destination6:
        return Value::of(packet.destination);
    case Key::SourcePort:
        return hasPorts ? std::optional(Value::of(packet.sourcePort)) : std::nullopt;
    case Key::DestinationPort:
        return hasPorts ? std::optional(Value::of(packet.destinationPort)) : std::nullopt;
    case Key::IcmpType:
    case Key::Icmp6Type:
        return Value::of(packet.icmpType);
    case Key::HopLimit6:
        return Value::of(packet.hopLimit);
    case Key::SourceKind:
        return Value::of(kindOf(packet.source));
    case Key::DestinationKind:
        return Value::of(kindOf(packet.destination));
    case Key::TcpFlags:
        return Value::of(kTcpSyn);
    }
    return std::nullopt;
}

class Run {
public:
    Run(Packet packet, const KindOf &kindOf) : m_packet(std::move(packet)), m_kindOf(kindOf) {}

    /// The verdict of a base chain; none: its policy.
    std::optional<Verdict::Kind> ask(const Table &table, const Chain &chain)
    {
        for (const Rule &rule : chain.rules) {
            const Verdict *verdict = ask(rule);
            if (!verdict)
                continue;
            if (verdict->kind == Verdict::Kind::Return)
                return std::nullopt;
            const bool leads = verdict->kind == Verdict::Kind::Jump || verdict->kind == Verdict::Kind::Goto;
            if (!leads)
                return verdict->kind;
            const auto answer = ask(table, table.chains.at(verdict->chain));
            if (answer || verdict->kind == Verdict::Kind::Goto)
                return answer;
        }
        return std::nullopt;
    }

    const Packet &packet() const { return m_packet; }

private:
    const Verdict *ask(const Rule &rule)
    {
        for (const Statement &statement : rule) {
            if (const auto *verdict = std::get_if<Verdict>(&statement))
                return verdict;
            if (const auto *change = std::get_if<SetMark>(&statement))
                set(*change);
            else if (!matches(std::get<Match>(statement)))
                return nullptr;
        }
        return nullptr;
    }

    void set(const SetMark &change)
    {
        const quint32 from = change.fromFlow ? m_packet.flowMark : m_packet.mark;
        (change.ofFlow ? m_packet.flowMark : m_packet.mark) = (from & change.keep) | change.add;
    }

    bool matches(const Match &match) const
    {
        std::array<Value, kMostFields> values;
        for (std::size_t i = 0; i < match.fields.size(); ++i) {
            const auto value = valueOf(match.fields[i], m_packet, m_kindOf);
            if (!value) // also under `!=`: a packet without the field never matches
                return false;
            values.at(i) = match.mask ? Value::of(value->low & *match.mask) : *value;
        }
        const auto isIn = [&](const Element &element) {
            for (std::size_t i = 0; i < match.fields.size(); ++i) {
                if (values[i] < element[i].first || element[i].last < values[i])
                    return false;
            }
            return true;
        };
        return std::ranges::any_of(match.elements, isIn) != match.negated;
    }

    Packet m_packet;
    const KindOf &m_kindOf;
};

} // namespace

void Filter::put(std::shared_ptr<const Table> table)
{
    remove(table->name);
    m_tables.push_back(std::move(table));
    sort();
}

void Filter::remove(const QByteArray &name)
{
    std::erase_if(m_tables, [&](const auto &table) { return table->name == name; });
    sort();
}

void Filter::sort()
{
    for (auto &places : m_hooks)
        places.clear();
    for (const auto &table : m_tables) {
        for (const auto &[name, chain] : table->chains) {
            if (chain.base)
                m_hooks.at(static_cast<std::size_t>(chain.base->hook)).push_back({table.get(), &chain});
        }
    }
    for (auto &places : m_hooks)
        std::ranges::stable_sort(places, {}, [](const Place &place) { return place.chain->base->priority; });
}

Filtered Filter::run(Hook hook, Packet packet, const KindOf &kindOf) const
{
    Run run(std::move(packet), kindOf);
    for (const Place &place : m_hooks.at(static_cast<std::size_t>(hook))) {
        const auto verdict = run.ask(*place.table, *place.chain);
        if (verdict == Verdict::Kind::Reject)
            return {Outcome::Rejected, run.packet()};
        if (verdict == Verdict::Kind::Drop || (!verdict && !place.chain->base->accepts))
            return {Outcome::Dropped, run.packet()};
    }
    return {Outcome::Accepted, run.packet()};
}

} // namespace sallyport::model::nft
