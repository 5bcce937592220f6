// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_policy.h"
#include "core/path/whereabouts.h"

#include <map>

namespace sallyport {

/// What may be used of an answer: no address that is nobody's, our own or inside the mesh, each once, a few of each family.
/// Those known before come first: who adds records cannot push them out.
std::vector<IpAddress> usableRecords(const std::vector<IpAddress> &answer, const std::vector<IpAddress> &before,
    const Whereabouts &where, std::size_t mostOfFamily);

/// Names and how long what they say is worth something.
class NameBook {
public:
    /// Asked now? Once for each question, and not while an answer is expected. `isUrgent`: what it says does not work, so its
    /// lifetime is not waited for.
    bool ask(const QString &name, bool isUrgent, PathTime now, const PathPolicy &policy);
    void answer(const QString &name, std::vector<IpAddress> usable, std::chrono::seconds lifetime, PathTime now,
        const PathPolicy &policy);
    /// Whatever is known may be wrong: here, names may mean something else.
    void expire(const QString &name);
    std::vector<IpAddress> addressesOf(const QString &name) const;
    /// When it may be asked again.
    PathTime dueAt(const QString &name, bool isUrgent, const PathPolicy &policy) const;
    void keepOnly(const std::vector<QString> &names);

private:
    struct Entry {
        std::vector<IpAddress> addresses;
        std::optional<PathTime> askedAt;
        std::optional<PathTime> answeredAt;
        std::optional<PathTime> validUntil;
    };
    std::map<QString, Entry> m_entries;
};

} // namespace sallyport
