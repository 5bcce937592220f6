// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/path_words.h"

#include "core/wire/word_list.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array kPreferences = {Word{Preference::None, "none"_L1}, Word{Preference::Prefer, "prefer"_L1},
    Word{Preference::Pin, "pin"_L1}, Word{Preference::Forbid, "forbid"_L1}};
constexpr std::array kSources = {Word{CandidateSource::Manual, "manual"_L1}, Word{CandidateSource::Dns, "dns"_L1},
    Word{CandidateSource::Lan, "lan"_L1}, Word{CandidateSource::Gossip, "gossip"_L1},
    Word{CandidateSource::Observed, "observed"_L1}, Word{CandidateSource::Mapped, "mapped"_L1}};
constexpr std::array kStates = {Word{CandidateState::Waiting, "waiting"_L1}, Word{CandidateState::InUse, "in-use"_L1},
    Word{CandidateState::Verified, "verified"_L1}, Word{CandidateState::Asked, "asked"_L1},
    Word{CandidateState::Silent, "silent"_L1}, Word{CandidateState::NotHere, "not-here"_L1},
    Word{CandidateState::Relayed, "relayed"_L1}, Word{CandidateState::Forbidden, "forbidden"_L1},
    Word{CandidateState::Unresolved, "unresolved"_L1}};

} // namespace

QString wordOf(Preference preference)
{
    return wordOf(kPreferences, preference);
}

QString wordOf(CandidateSource source)
{
    return wordOf(kSources, source);
}

QString wordOf(CandidateState state)
{
    return wordOf(kStates, state);
}

Result<Preference> parsePreference(QStringView text)
{
    const auto found = std::ranges::find_if(kPreferences, [&](const auto &word) { return text == word.text; });
    if (found == kPreferences.end())
        return Error{Errc::InvalidArgument,
            u"'%1' is no use of a path; write none, prefer, pin or forbid."_s.arg(text.left(32)), {}};
    return found->value;
}

Preference preferenceOf(const QString &word)
{
    return valueOf(kPreferences, word);
}

CandidateSource candidateSourceOf(const QString &word)
{
    return valueOf(kSources, word);
}

CandidateState candidateStateOf(const QString &word)
{
    return valueOf(kStates, word);
}

} // namespace sallyport
