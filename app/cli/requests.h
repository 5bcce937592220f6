// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/health/report.h"
#include "core/model/configuration.h"
#include "core/model/intent.h"

#include <chrono>
#include <optional>
#include <variant>

/// What a command line asks for, parsed into values.
namespace sallyport::cli {

struct HelpRequest {
    QString command; ///< empty: the whole program
};

struct VersionRequest {};

struct StatusRequest {
    bool json = false;
    bool watch = false;
};

enum class Switch { Home, Exit };

/// How long to wait for the state that was asked for; none: not at all.
using Patience = std::optional<std::chrono::seconds>;
inline constexpr std::chrono::seconds kDefaultPatience{10};

struct SwitchRequest {
    Switch which = Switch::Home;
    bool on = false;
    QString exitName; ///< empty: the chosen one
    Patience patience = kDefaultPatience;
    bool json = false;
};

struct LockdownRequest {
    bool on = false;
    bool json = false;
};

struct PauseRequest {
    std::chrono::minutes length{0}; ///< 0 ends a pause
    bool json = false;
};

struct ExitListRequest {
    bool json = false;
};

struct ApplyRequest {
    QString file; ///< `-` is standard input
    bool json = false;
};

enum class ImportAs { Guess, Home, Exit };

struct ImportRequest {
    QString file; ///< `-` is standard input
    ImportAs as = ImportAs::Guess;
    QString name; ///< empty: from the file's name
    bool replace = false;
    bool json = false;
};

enum class ExportForm { Conf, Qr, Png };

struct ExportRequest {
    QString name; ///< of a device or of an exit
    ExportForm form = ExportForm::Conf;
    QString pngFile;
    QString keyFile; ///< empty: from the configuration, where it names a file
    bool json = false;
};

struct DeviceListRequest {
    bool json = false;
};

struct DeviceShowRequest {
    QString name;
    bool json = false;
};

struct DeviceAddRequest {
    Device device;
    bool json = false;
};

struct DeviceRemoveRequest {
    QString name;
    bool json = false;
};

struct DevicePathRequest {
    PathPreference path;
    bool json = false;
};

struct WhyRequest {
    QString host;
    bool json = false;
};

struct KeygenRequest {
    QString out; ///< empty: standard output
    bool json = false;
};

struct DoctorRequest {
    bool json = false;
};

struct ReportRequest {
    QString file; ///< `-` is standard output
    Anonymity anonymity = Anonymity::Careful;
};

struct UnlockRequest {
    bool json = false;
};

using Request = std::variant<HelpRequest, VersionRequest, KeygenRequest, StatusRequest, SwitchRequest, LockdownRequest,
    PauseRequest, ExitListRequest, ApplyRequest, ImportRequest, ExportRequest, DeviceListRequest, DeviceShowRequest,
    DeviceAddRequest, DeviceRemoveRequest, DevicePathRequest, WhyRequest, DoctorRequest, ReportRequest, UnlockRequest>;

} // namespace sallyport::cli
