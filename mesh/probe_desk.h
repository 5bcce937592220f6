// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "core/path/selection.h"
#include "core/probe/answer_budget.h"
#include "core/probe/garbage_budget.h"
#include "core/probe/probe_seal.h"
#include "core/probe/replay_memory.h"

#include <map>

namespace sallyport::mesh {

using PairKeys = std::vector<std::pair<PublicKey, SecretKey>>;

/// Seals what goes out and opens what comes in: only what a peer has sealed, each once, and no more questions than can be
/// meant well. What is not let in here is not answered, so that these are the limits of answers, too.
class ProbeDesk {
public:
    void setHome(const PublicKey &own, PairKeys keys);
    void close();

    /// Nothing without a key for that peer.
    std::optional<QByteArray> seal(const AskProbe &probe, PathTime now);
    std::optional<OpenedProbe> open(const meshlink::ProbeArrived &arrived, PathTime now);

private:
    struct Home {
        PublicKey own;
        std::map<PublicKey, SecretKey> keys;
        ProbeOpener opener;
    };
    std::optional<Home> m_home;
    GarbageBudget m_garbage;
    ReplayMemory m_heard;
    AnswerBudget m_answers;
};

} // namespace sallyport::mesh
