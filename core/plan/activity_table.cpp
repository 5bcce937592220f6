// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/plan/activity_table.h"

#include "core/plan/table_text.h"

namespace sallyport {

Table activityTable()
{
    const QByteArray home = '"' + QByteArray(kHomeLink) + '"';
    const QByteArray count = QByteArray(" quota name \"") + kActivityQuota + "\"\n";
    // Multicast reaches no peer. `over 1 bytes`: the kernel speaks up when the first packet has used it up.
    return tableOf(kActivityTable,
        QByteArray("  flags owner\n  quota ") + kActivityQuota
            + " { over 1 bytes\n  }\n"
              "  chain out { type filter hook postrouting priority 300; policy accept;\n"
              "    ip daddr 224.0.0.0/4 return\n"
              "    ip6 daddr ff00::/8 return\n"
              "    oifname "
            + home + count
            + "  }\n"
              "  chain in { type filter hook prerouting priority 300; policy accept;\n"
              "    iifname "
            + home + count + "  }\n");
}

} // namespace sallyport
