// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/conf_scanner.h"
#include "core/profile/wg_conf.h"

#include <map>

namespace sallyport {

/// Puts scanned lines together to a WgConf: which section is open, which comments belong to it.
class ConfReader {
public:
    /// What a setting came to, for its report.
    struct Outcome {
        Verdict verdict = Verdict::Used;
        QString sentence;
    };
    struct Setting;

    /// The reason why the file is refused, if it is.
    std::optional<Error> read(const ConfLine &line);
    Result<WgConf> finish(int lastLine) &&;

private:
    /// Where the lines stand: before any section, in one of the two kinds, or among comments that disable a section.
    enum class Section { None, Interface, Peer };
    enum class Comments { Meaningful, ThisDevice, Disabled };

    std::optional<Error> openSection(const ConfLine &line);
    std::optional<Error> readSetting(const ConfLine &line);
    void readComment(const ConfLine &line);
    void openCommentedSection(const ConfLine &line, std::string_view head);
    std::optional<Error> openPeer(const ConfLine &line);
    void closePeer(int lastLine);
    void keepComments();
    Outcome withRepetition(const Setting &setting, const ConfLine &line, Outcome outcome);
    std::vector<Annotation> &annotations();

    WgConf m_conf;
    Section m_section = Section::None;
    Comments m_comments = Comments::Meaningful;
    std::vector<Annotation> m_pending; ///< comments directly above, which belong to the next section if one follows
    std::map<QByteArray, int> m_seen; ///< keys of the open section and their lines
};

} // namespace sallyport
