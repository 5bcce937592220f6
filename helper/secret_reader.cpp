// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/secret_reader.h"

#include "core/key/secret_text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNeededSeals = F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK;
constexpr off_t kLargestSecret = 128;

Error refused(const QString &detail)
{
    return {Errc::InvalidArgument, detail, u"memfd"_s};
}

} // namespace

Result<SecretKey> readSealedSecret(int descriptor)
{
    const int seals = ::fcntl(descriptor, F_GET_SEALS);
    if (seals < 0 || (seals & kNeededSeals) != kNeededSeals)
        return refused(u"A secret is handed over as a memfd sealed against writing, growing and shrinking."_s);
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || status.st_size <= 0 || status.st_size > kLargestSecret)
        return refused(u"A secret is 44 characters of base64."_s);
    SecretText text;
    text.resize(static_cast<std::size_t>(status.st_size));
    if (::pread(descriptor, text.bytes().data(), text.size(), 0) != status.st_size)
        return refused(u"The secret could not be read."_s);
    auto key = SecretKey::parse(text.view());
    if (!key)
        return refused(key.error().detail);
    return key;
}

} // namespace sallyport
