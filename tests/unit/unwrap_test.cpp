// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/ipc/unwrap.h"

#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

class UnwrapTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainValuesStayAsTheyAre();
    void variantsInVariantsAreOpened();
    void otherKindsAreRefusedWithTheirPlace();
    void depthIsLimited();
    void numberOfValuesIsLimited();
    void amountOfTextIsLimited();
    void nullsAreLeftOutAtEveryDepth();
};

void UnwrapTest::plainValuesStayAsTheyAre()
{
    const QVariantMap map{{u"yes"_s, true}, {u"number"_s, 7ULL}, {u"text"_s, u"t"_s}, {u"bytes"_s, QByteArray("b")},
        {u"texts"_s, QStringList{u"a"_s, u"b"_s}}, {u"list"_s, QVariantList{1, QVariantMap{{u"deep"_s, 2.5}}}}};
    const auto plain = unwrap(map);
    QVERIFY(plain);
    QCOMPARE(*plain, map);
}

void UnwrapTest::variantsInVariantsAreOpened()
{
    const QVariantMap map{{u"value"_s, QVariant::fromValue(QDBusVariant(QVariant::fromValue(QDBusVariant(5))))}};
    const auto plain = unwrap(map);
    QVERIFY(plain);
    QCOMPARE(plain->value(u"value"_s), QVariant(5));
}

void UnwrapTest::otherKindsAreRefusedWithTheirPlace()
{
    const QVariant path = QVariant::fromValue(QDBusObjectPath(u"/a"_s));
    const auto refused = unwrap({{u"home"_s, QVariantMap{{u"devices"_s, QVariantList{1, path}}}}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::InvalidArgument);
    QCOMPARE(refused.error().place, u"home.devices[1]"_s);
    QVERIFY(!unwrap({{u"nothing"_s, QVariant()}}));
}

void UnwrapTest::depthIsLimited()
{
    const auto nested = [](int levels) {
        QVariantMap map{{u"end"_s, 1}};
        for (int level = 1; level < levels; ++level)
            map = {{u"more"_s, map}};
        return map;
    };
    QVERIFY(unwrap(nested(16)));
    const auto refused = unwrap(nested(17));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::LimitExceeded);
}

void UnwrapTest::numberOfValuesIsLimited()
{
    UnwrapLimits limits;
    limits.values = 10;
    QVERIFY(unwrap({{u"list"_s, QVariantList(9, 1)}}, limits));
    const auto refused = unwrap({{u"list"_s, QVariantList(10, 1)}}, limits);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::LimitExceeded);
    QVERIFY(!unwrap({{u"texts"_s, QStringList(10, QString())}}, limits));
}

void UnwrapTest::amountOfTextIsLimited()
{
    UnwrapLimits limits;
    limits.characters = 10;
    QVERIFY(unwrap({{u"key"_s, u"1234567"_s}}, limits));
    QVERIFY(!unwrap({{u"key"_s, u"12345678"_s}}, limits));
    QVERIFY(!unwrap({{u"key"_s, QByteArray(8, 'x')}}, limits));
    QVERIFY(!unwrap({{u"key"_s, QStringList{u"1234"_s, u"5678"_s}}}, limits));
    QVERIFY(!unwrap({{u"a long key !"_s, 1}}, limits));
}

void UnwrapTest::nullsAreLeftOutAtEveryDepth()
{
    const QVariant null = QVariant::fromValue(nullptr);
    const QVariantMap map{{u"gone"_s, null}, {u"too"_s, QVariant()},
        {u"kept"_s, QVariantList{1, null, QVariantMap{{u"inner"_s, null}, {u"other"_s, u"x"_s}}}}};
    const QVariantMap expected{{u"kept"_s, QVariantList{1, QVariantMap{{u"other"_s, u"x"_s}}}}};
    QCOMPARE(withoutNulls(map), expected);
}

QTEST_GUILESS_MAIN(UnwrapTest)
#include "unwrap_test.moc"
