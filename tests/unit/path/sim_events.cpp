// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/path/sim_pair.h"

/// What happens to a pair.
namespace sallyport::sim {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

Pair::Event Pair::nextEvent()
{
    constexpr std::array kEvents = {Event::Roam, Event::Roam, Event::Roam, Event::Roam, Event::RoamOther, Event::CutLan,
        Event::CutWan, Event::NewAddress, Event::ForgetNat, Event::Sleep, Event::Clock, Event::Portal, Event::Nothing};
    const Event event = kEvents.at(m_internet.random() % kEvents.size());
    return event == Event::NewAddress && !m_hasName ? Event::Roam : event;
}

void Pair::roam(int device)
{
    const int to = static_cast<int>(m_internet.random() % (device == 0 ? 4 : 2)) * (device == 0 ? 1 : Office);
    std::vector<int> from;
    for (const Card &card : m_internet.cards.at(static_cast<std::size_t>(device)))
        from.push_back(card.site);
    const double how = m_internet.chance();
    if (how < 0.3 && !isAt(device, to) && to != Carrier) {
        // The new one first, as Wi-Fi comes while the mobile network is still there.
        plug(device, {to, from.front()});
        m_internet.agenda.after(3s, [this, device, to] { plug(device, {to}); });
    } else if (how < 0.6) {
        plug(device, {});
        m_internet.agenda.after(Time(200'000 + static_cast<int>(m_internet.chance() * 2'500'000)),
            [this, device, to] { plug(device, {to}); });
    } else {
        plug(device, {to});
    }
}

void Pair::sleep()
{
    Device &device = *m_devices[0];
    device.feed(SleepBegan{});
    device.isAsleep = true;
    m_internet.isSlept[0] = true;
    m_internet.agenda.after(Time(20s) + Time(static_cast<int>(m_internet.chance() * 200e6)), [this, &device] {
        device.isAsleep = false;
        m_internet.isSlept[0] = false;
        device.wireguard.forgetKeys();
        m_internet.forgiveLooks(0);
        m_changedAt = m_internet.agenda.now;
        device.feed(Woke{});
        device.tellNetworks();
        if (m_internet.chance() < 0.5)
            roam(0);
    });
}

void Pair::cut(bool Site::*what, int site)
{
    m_isCut = true;
    m_internet.sites[static_cast<std::size_t>(site)].*what = true;
    const Time length = 15s + Time(static_cast<int>(m_internet.chance() * 15e6));
    m_internet.agenda.after(length, [this, what, site] {
        m_internet.sites[static_cast<std::size_t>(site)].*what = false;
        m_changedAt = m_internet.agenda.now;
    });
}

void Pair::happen(Event event)
{
    m_changedAt = m_internet.agenda.now;
    m_isCut = false;
    happenTo(event);
}

void Pair::happenTo(Event event)
{
    Device &mine = *m_devices[0];
    const int here = m_internet.cards[0].empty() ? Home : m_internet.cards[0].front().site;
    switch (event) {
    case Event::Nothing:
        return;
    case Event::Roam:
        return roam(0);
    case Event::RoamOther:
        return roam(1);
    case Event::CutLan:
        return cut(&Site::isLanCut, Home);
    case Event::CutWan:
        return cut(&Site::isWanCut, here);
    case Event::NewAddress: {
        const auto fresh = *IpAddress::parse(u"203.0.113.%1"_s.arg(10 + m_internet.random() % 200));
        m_internet.sites[Home].public4 = fresh;
        m_internet.sites[Home].nat.forget();
        m_internet.agenda.after(10s, [this, fresh] { m_published = fresh; });
        return;
    }
    case Event::ForgetNat:
        return m_internet.sites[static_cast<std::size_t>(here)].nat.forget();
    case Event::Sleep:
        return sleep();
    case Event::Clock:
        mine.clockOffset += Time(static_cast<int>((m_internet.chance() - 0.7) * 600e6));
        m_internet.forgiveLooks(0);
        return mine.feed(TimeCame{});
    case Event::Portal:
        mine.feed(PortalChanged{true});
        m_internet.agenda.after(5s, [this, &mine] {
            m_internet.forgiveLooks(0);
            m_changedAt = m_internet.agenda.now;
            mine.feed(PortalChanged{false});
        });
        return;
    }
}

} // namespace sallyport::sim
