// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "tests/unit/profile_documents.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

/// Prints what the codec makes of random documents, one JSON object per line, for the test of the schema.
int main()
{
    sallyport::RandomDocuments documents(41);
    for (int i = 0; i < 300; ++i) {
        const QVariantMap map = sallyport::encodeConfiguration(documents.configuration());
        const QByteArray line = QJsonDocument(QJsonObject::fromVariantMap(map)).toJson(QJsonDocument::Compact);
        std::printf("%s\n", line.constData());
    }
}
