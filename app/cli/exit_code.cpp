// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/exit_code.h"

namespace sallyport::cli {

ExitCode exitCodeOf(const Error &error)
{
    switch (error.code) {
    case Errc::NotAuthorized:
    case Errc::AuthorizationUnavailable:
        return ExitCode::NotAuthorized;
    case Errc::HelperUnavailable:
    case Errc::TimedOut: // it is there and does not answer
        return ExitCode::NoHelper;
    case Errc::UnsupportedRequirement: // of a document, which has a place; otherwise the helper is too old to be one
        return error.place.isEmpty() ? ExitCode::NoHelper : ExitCode::Failed;
    case Errc::InvalidArgument:
    case Errc::LimitExceeded:
    case Errc::NotConfigured:
    case Errc::UnknownName:
    case Errc::NameTaken:
    case Errc::FeatureMissing:
    case Errc::KernelRefused:
    case Errc::StorageFailed:
    case Errc::Superseded:
    case Errc::Internal:
        return ExitCode::Failed;
    }
    return ExitCode::Failed;
}

} // namespace sallyport::cli
