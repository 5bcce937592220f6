// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/profile/import.h"

/// What importing a home and importing an exit share.
namespace sallyport {

Result<Imported> homeFrom(WgConf conf, const ImportOptions &options);
Result<Imported> exitFrom(WgConf conf, const ImportOptions &options);

/// 0.0.0.0/0 or the two halves of it, which some write to get around the default route; likewise for IPv6.
bool takesEverything(const std::vector<Prefix> &allowedIps);

void changeReport(std::vector<LineReport> &reports, int line, Verdict verdict, const QString &sentence);
/// Appends `sentence` to the reports of `key` in these lines.
void changeReports(std::vector<LineReport> &reports, int firstLine, int lastLine, const QString &key, Verdict verdict,
    const QString &sentence);
void addReport(std::vector<LineReport> &reports, const Annotation &annotation, const QString &sentence);
void sortReports(std::vector<LineReport> &reports);
/// Null if the configuration codec takes the part; `lines` are those of the devices.
std::optional<Error> refusalOf(const std::variant<Home, Exit> &part, const std::vector<int> &lines, int interfaceLine);

} // namespace sallyport
