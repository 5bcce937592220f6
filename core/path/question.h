// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/path_values.h"

namespace sallyport {

struct SentQuestion {
    quint64 transaction = 0;
    PathTime at;
};

/// One question to one place: sent, sent again, answered or given up. Answers are accepted for longer than it is open.
class Question {
public:
    void open(PathTime at, int tries);
    void close() { m_tries = 0; }
    bool isOpen() const { return m_tries != 0; }
    int sent() const { return m_sent; }
    PathTime nextAt() const { return m_nextAt; }
    std::optional<PathTime> openedAt() const { return m_openedAt; }

    bool isDue(PathTime now) const { return isOpen() && m_sent < m_tries && now >= m_nextAt; }
    bool isGivenUp(PathTime now) const { return isOpen() && m_sent >= m_tries && now >= m_nextAt; }
    /// `roundTrip`: as measured; an answer that cannot be there yet is not waited for in vain.
    void noteSent(quint64 transaction, PathTime now, std::chrono::microseconds roundTrip, const PathPolicy &policy);
    /// Not now: too many questions at once.
    void postpone(PathTime until) { m_nextAt = until; }
    /// The place has just been heard from, so what is asked now reaches it: once more, soon, and only once.
    void hasten(PathTime now, const PathPolicy &policy);
    /// When the question was sent that has this answer; an answer counts once.
    std::optional<PathTime> takeAnswer(quint64 transaction, PathTime now, const PathPolicy &policy);
    void forget();

private:
    int m_tries = 0; ///< 0: not open
    int m_sent = 0;
    bool m_isHastened = false;
    PathTime m_nextAt;
    std::optional<PathTime> m_openedAt;
    std::vector<SentQuestion> m_unanswered;
};

} // namespace sallyport
