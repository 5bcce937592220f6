// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/path/path_values.h"

/// What the bus, JSON and the command line call the values of core/path.
namespace sallyport {

QString wordOf(Preference preference);
QString wordOf(CandidateSource source);
QString wordOf(CandidateState state);

/// Strict: what a person or a front end asks for.
Result<Preference> parsePreference(QStringView text);

/// Lenient, for what meshd says: an unknown word becomes `none`, `manual`, `waiting`.
Preference preferenceOf(const QString &word);
CandidateSource candidateSourceOf(const QString &word);
CandidateState candidateStateOf(const QString &word);

} // namespace sallyport
