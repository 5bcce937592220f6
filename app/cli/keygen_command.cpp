// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/keygen_command.h"

#include "app/exchange/input_file.h"
#include "core/key/secret_text.h"

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

SecretText bothKeys(const SecretKey &key, bool json)
{
    const QByteArray publicKey = key.publicKey().toBase64().toLatin1();
    SecretText text;
    text.append(json ? "{\n    \"privateKey\": \"" : "private ");
    text.append(key);
    text.append(json ? "\",\n    \"publicKey\": \"" : "\npublic ");
    text.append(publicKey);
    text.append(json ? "\",\n    \"schema\": 1\n}\n" : "\n");
    return text;
}

ExitCode writeKeyFile(const KeygenRequest &request, const SecretKey &key, Console &console)
{
    SecretText text;
    text.append(key);
    text.append("\n");
    if (const auto written = writeNewFile(request.out, text.view()); !written)
        return console.fail(written.error());
    const QString publicKey = key.publicKey().toBase64();
    if (request.json)
        console.printJson({{u"publicKey"_s, publicKey}, {u"file"_s, request.out}});
    else
        console.print({u"public "_s + publicKey});
    return ExitCode::Done;
}

} // namespace

ExitCode generateKey(const KeygenRequest &request, Console &console)
{
    const SecretKey key = SecretKey::generatePrivate();
    if (!request.out.isEmpty())
        return writeKeyFile(request, key, console);
    console.writeRaw(bothKeys(key, request.json).view());
    return ExitCode::Done;
}

} // namespace sallyport::cli
