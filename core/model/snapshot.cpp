// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/snapshot.h"

namespace sallyport {

bool saysTheSame(Snapshot one, Snapshot other)
{
    for (Snapshot *snapshot : {&one, &other}) {
        snapshot->revision = 0;
        snapshot->exit.activity = {};
        for (PeerSnapshot &peer : snapshot->home.peers)
            peer.activity = {};
    }
    return one == other;
}

} // namespace sallyport
