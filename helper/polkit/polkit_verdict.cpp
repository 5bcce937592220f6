// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/polkit/polkit_verdict.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaximumReason = 300;

Error refused(const QString &sentence)
{
    return {Errc::NotAuthorized, sentence, {}};
}

} // namespace

Result<Done> resultOf(const PolkitVerdict &verdict)
{
    if (verdict.authorized)
        return Done{};
    if (verdict.dismissed)
        return refused(u"Not authorised: the request for a password was cancelled."_s);
    if (verdict.challenge)
        return refused(u"Not authorised: this needs an administrator's password, and nothing in this session can "
                       u"ask for it; run the command as root."_s);
    return refused(u"Not authorised: this account may not do this."_s);
}

Error polkitUnavailable(const QString &reason)
{
    QString shown = reason.simplified().left(kMaximumReason);
    while (shown.endsWith(u'.'))
        shown.chop(1);
    const QString cause = shown.isEmpty() ? QString() : QString(u" ("_s + shown + u')');
    return {Errc::AuthorizationUnavailable,
        QString(u"polkit does not answer"_s + cause + u"; start polkit, or run the command as root."_s), {}};
}

} // namespace sallyport
