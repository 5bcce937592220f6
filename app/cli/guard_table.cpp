// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/kernel_lock.h"
#include "core/constants.h"

#include <memory>
#include <nftables/libnftables.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

struct FreeContext {
    void operator()(nft_ctx *context) const noexcept { nft_ctx_free(context); }
};
using Nft = std::unique_ptr<nft_ctx, FreeContext>;

Result<QByteArray> run(nft_ctx *context, const QByteArray &command)
{
    if (nft_run_cmd_from_buffer(context, command.constData()) == 0)
        return QByteArray(nft_ctx_get_output_buffer(context));
    const QString reason = QString::fromUtf8(nft_ctx_get_error_buffer(context)).section(u'\n', 0, 0).trimmed();
    return Error{Errc::KernelRefused, u"nftables refused '%1' (%2)"_s.arg(QString::fromLatin1(command), reason), {}};
}

} // namespace

Result<bool> removeGuardTable()
{
    const Nft context(nft_ctx_new(NFT_CTX_DEFAULT));
    if (!context)
        return Error{Errc::FeatureMissing, u"nftables cannot be reached"_s, {}};
    nft_ctx_buffer_output(context.get());
    nft_ctx_buffer_error(context.get());
    const auto tables = run(context.get(), "list tables inet");
    if (!tables)
        return tables.error();
    const QByteArray table = QByteArray("table inet ") + kGuardTable;
    if (!tables->split('\n').contains(table))
        return false;
    const auto deleted = run(context.get(), "delete " + table);
    if (!deleted)
        return deleted.error();
    return true;
}

} // namespace sallyport::cli
