// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/activity_table.h"

#include "core/plan/table_text.h"

namespace sallyport {

Table activityTable()
{
    const QByteArray home = '"' + QByteArray(kHomeLink) + '"';
    // Multicast reaches no peer.
    const QByteArray unicast = "    ip daddr 224.0.0.0/4 return\n"
                               "    ip6 daddr ff00::/8 return\n";
    const QByteArray count = QByteArray(" quota name \"") + kActivityQuota + "\"\n  }\n";
    // `over 1 bytes`: the kernel speaks up when the first packet has used it up.
    return tableOf(kActivityTable,
        QByteArray("  flags owner\n  quota ") + kActivityQuota
            + " { over 1 bytes\n  }\n"
              "  chain out { type filter hook postrouting priority 300; policy accept;\n"
            + unicast + "    oifname " + home + count
            + "  chain in { type filter hook prerouting priority 300; policy accept;\n" + unicast + "    iifname "
            + home + count);
}

} // namespace sallyport
