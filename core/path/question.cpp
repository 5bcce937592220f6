// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/path/question.h"

#include <algorithm>
#include <utility>

namespace sallyport {

namespace {

constexpr std::size_t kMostUnanswered = 8;

} // namespace

void Question::open(PathTime at, int tries)
{
    m_tries = tries;
    m_sent = 0;
    m_isHastened = false;
    m_nextAt = at;
    m_openedAt = at;
}

void Question::noteSent(
    quint64 transaction, PathTime now, std::chrono::microseconds roundTrip, const PathPolicy &policy)
{
    const auto index = std::min<std::size_t>(static_cast<std::size_t>(m_sent), policy.waits.size() - 1);
    const std::chrono::microseconds wait = policy.waits.at(index);
    m_nextAt = now + std::max(wait, std::min<std::chrono::microseconds>(roundTrip * 3 / 2, policy.waits.back()));
    ++m_sent;
    std::erase_if(m_unanswered, [&](const SentQuestion &each) { return each.at + policy.answerLife < now; });
    if (m_unanswered.size() == kMostUnanswered)
        m_unanswered.erase(m_unanswered.begin());
    m_unanswered.push_back({transaction, now});
}

void Question::hasten(PathTime now, const PathPolicy &policy)
{
    if (!isOpen() || std::exchange(m_isHastened, true))
        return;
    const PathTime last = m_unanswered.empty() ? PathTime::min() : m_unanswered.back().at;
    m_tries = std::max(m_tries, m_sent + 1);
    m_nextAt = std::min(m_nextAt, std::max(now, last + policy.waits.front()));
}

std::optional<PathTime> Question::takeAnswer(quint64 transaction, PathTime now, const PathPolicy &policy)
{
    const auto found = std::ranges::find(m_unanswered, transaction, &SentQuestion::transaction);
    if (found == m_unanswered.end())
        return {};
    const PathTime at = found->at;
    m_unanswered.erase(found);
    if (at + policy.answerLife < now)
        return {};
    close();
    return at;
}

void Question::forget()
{
    close();
    m_unanswered.clear();
}

} // namespace sallyport
