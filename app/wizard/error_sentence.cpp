// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/error_sentence.h"

#include "core/present/words.h"

namespace sallyport {

using namespace Qt::StringLiterals;

QString errorSentence(const Error &error)
{
    const bool isAboutInput = error.code == Errc::InvalidArgument || error.code == Errc::LimitExceeded
        || error.code == Errc::FeatureMissing;
    if (isAboutInput && !error.detail.isEmpty())
        return error.place.isEmpty() ? error.detail : error.place + u": "_s + error.detail;
    const Trouble trouble = troubleOf(error);
    return trouble.todo.isEmpty() ? trouble.what : trouble.what + u' ' + trouble.todo;
}

} // namespace sallyport
