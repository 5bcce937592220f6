// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/present/words.h"

namespace sallyport {

namespace {

QString startService()
{
    //: systemctl … and sallyport-helper are typed as they are
    return Words::tr("Install the package sallyport-helper, or start the service with "
                     "“sudo systemctl start sallyport-helper”.");
}

QString sameVersion()
{
    return Words::tr("Install the same version of Sallyport and of sallyport-helper.");
}

QString doctor()
{
    //: “sally doctor” is a command
    return Words::tr("Try again. “sally doctor” says more.");
}

Trouble wordsOf(Errc code)
{
    switch (code) {
    case Errc::InvalidArgument:
        return {Words::tr("Something in the request is not right, so nothing was changed."), doctor(), {}};
    case Errc::UnsupportedRequirement:
        return {Words::tr("Sallyport and its background service are of different versions."), sameVersion(), {}};
    case Errc::LimitExceeded:
        return {Words::tr("The request is larger than the background service accepts, so nothing was changed."),
            doctor(), {}};
    case Errc::NotAuthorized:
        return {Words::tr("You are not allowed to do this from here."),
            Words::tr("Do it while logged in at this computer itself, or ask an administrator."), {}};
    case Errc::AuthorizationUnavailable:
        return {Words::tr("Nobody can be asked for permission, because polkit does not answer."),
            Words::tr("Install or start polkit, then try again."), {}};
    case Errc::NotConfigured:
        return {Words::tr("This is not set up yet."),
            //: “sally …” are commands
            Words::tr("Set it up with “sally apply FILE” or “sally import FILE”."), {}};
    case Errc::UnknownName:
        return {Words::tr("There is no exit or device of that name."), Words::tr("Choose another one."), {}};
    case Errc::NameTaken:
        return {Words::tr("Another program uses the name of our network interface."),
            Words::tr("Remove that interface, then try again."), {}};
    case Errc::FeatureMissing:
        return {Words::tr("This system lacks something that is needed."),
            Words::tr("Install WireGuard and nftables. “sally doctor” says what is missing."), {}};
    case Errc::KernelRefused:
        return {Words::tr("The system refused a step. What was protected stays protected."), doctor(), {}};
    case Errc::StorageFailed:
        return {Words::tr("The change could not be saved."),
            Words::tr("Make room on the disk and check that /var/lib/sallyport can be written, then try again."), {}};
    case Errc::Superseded:
        return {Words::tr("A newer request took the place of this one."), Words::tr("Nothing needs to be done."), {}};
    case Errc::HelperUnavailable:
        return {Words::tr("The background service cannot be reached."), startService(), {}};
    case Errc::TimedOut:
        return {Words::tr("The background service did not answer in time."), doctor(), {}};
    case Errc::Internal:
        return {Words::tr("Something unexpected went wrong."), doctor(), {}};
    }
    Q_UNREACHABLE();
}

} // namespace

Glyph glyphOf(Phase phase)
{
    switch (phase) {
    case Phase::Off:
    case Phase::Starting:
        return Glyph::Starting;
    case Phase::Up:
        return Glyph::On;
    case Phase::Stale:
        return Glyph::Doubtful;
    case Phase::Failed:
        return Glyph::Attention;
    }
    Q_UNREACHABLE();
}

QString stateOf(Glyph glyph, const QString &off)
{
    switch (glyph) {
    case Glyph::Off:
        return off;
    case Glyph::Starting:
        return Words::tr("Starting…");
    case Glyph::On:
        return Words::tr("On");
    case Glyph::Doubtful:
        return Words::tr("On, no answer");
    case Glyph::Blocked:
        return Words::tr("Blocked");
    case Glyph::Attention:
        return Words::tr("Failed");
    }
    Q_UNREACHABLE();
}

Trouble troubleOf(const Error &error)
{
    Trouble trouble = wordsOf(error.code);
    trouble.detail = error.place.isEmpty() ? error.detail : QString(error.place + QStringLiteral(": ") + error.detail);
    return trouble;
}

Trouble troubleOf(Link::State state)
{
    switch (state) {
    case Link::State::Searching:
    case Link::State::Connected:
        return {};
    case Link::State::Unreadable:
        return {Words::tr("The background service does not say what is on."), doctor(), {}};
    case Link::State::Lost:
        return {
            Words::tr("The background service has stopped. What it switched on stays as it was."), startService(), {}};
    case Link::State::Absent:
        return {Words::tr("The background service is not installed."), startService(), {}};
    case Link::State::NoBus:
        return {Words::tr("The system bus cannot be reached, and the background service only through it."),
            Words::tr("Install or start D-Bus, then start Sallyport again."), {}};
    case Link::State::OtherVersion:
        return wordsOf(Errc::UnsupportedRequirement);
    }
    Q_UNREACHABLE();
}

} // namespace sallyport
