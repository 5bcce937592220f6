// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/secret_box.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <set>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

constexpr int kMany = 20000; ///< what one caller may hand over before a Configure

qsizetype mappings()
{
    QFile file(u"/proc/self/maps"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : -1;
}

QString nameOf(int number)
{
    return devicePskName(u"device%1"_s.arg(number));
}

SecretBox manySecrets()
{
    SecretBox box;
    for (int i = 0; i < kMany; ++i)
        box.put(nameOf(i), SecretKey::generatePreshared());
    return box;
}

const quint8 *placeOf(const SecretKey &key)
{
    return key.bytes().data();
}

} // namespace

class SecretBoxTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void manyKeysNeedFewMappings();
    void aSecretIsInMemoryOnce();
    void freedPlacesAreUsedAgain();
    void keysLieApart();
    void aFreedKeyIsWiped();
    void mergingForgetsWhatIsNotWanted();
};

void SecretBoxTest::manyKeysNeedFewMappings()
{
    QStringList names;
    for (int i = 0; i < kMany; ++i)
        names += nameOf(i);
    const qsizetype before = mappings();
    QVERIFY(before > 0);
    SecretBox box = manySecrets();
    const SecretBox staged = manySecrets();
    const SecretBox kept = box.clone();
    box.merge(staged, names);
    QCOMPARE(box.all().size(), std::size_t(kMany));
    QVERIFY(box.find(nameOf(7))->equals(*staged.find(nameOf(7))));
    QVERIFY(!box.find(nameOf(7))->equals(*kept.find(nameOf(7))));
    QCOMPARE(box.known(), staged.known());
    const qsizetype more = mappings() - before;
    QVERIFY2(more < 300, qPrintable(u"%1 mappings more"_s.arg(more)));
}

void SecretBoxTest::aSecretIsInMemoryOnce()
{
    SecretBox staged;
    staged.put(nameOf(1), SecretKey::generatePreshared());
    const SecretBox copy = staged.clone();
    SecretBox merged;
    merged.merge(copy, {nameOf(1)});
    QCOMPARE(placeOf(*merged.find(nameOf(1))), placeOf(*staged.find(nameOf(1))));
    const QByteArray bytes(reinterpret_cast<const char *>(placeOf(*merged.find(nameOf(1)))), kKeySize);
    staged = SecretBox();
    QVERIFY(std::ranges::equal(merged.find(nameOf(1))->bytes(), bytes, {}, {}, [](char c) { return quint8(c); }));
}

void SecretBoxTest::freedPlacesAreUsedAgain()
{
    {
        const SecretBox box = manySecrets();
    }
    const qsizetype before = mappings();
    for (int round = 0; round < 3; ++round)
        const SecretBox box = manySecrets();
    QCOMPARE(mappings(), before);
}

void SecretBoxTest::keysLieApart()
{
    const SecretBox box = manySecrets();
    std::set<const quint8 *> places;
    for (const auto &[name, key] : box.all())
        places.insert(placeOf(*key));
    QCOMPARE(places.size(), std::size_t(kMany));
    const quint8 *last = nullptr;
    for (const quint8 *place : places) {
        QVERIFY(!last || place - last >= qptrdiff(kKeySize));
        last = place;
    }
    for (const auto &[name, key] : box.all())
        QCOMPARE(key->digest(), box.known().at(name).digest);
}

void SecretBoxTest::aFreedKeyIsWiped()
{
    const quint8 *place = nullptr;
    {
        const SecretKey key = SecretKey::generatePrivate();
        place = placeOf(key);
        QVERIFY(std::any_of(place, place + kKeySize, [](quint8 byte) { return byte != 0; }));
    }
    QVERIFY(std::all_of(place, place + kKeySize, [](quint8 byte) { return byte == 0; })); // its slab stays mapped
}

void SecretBoxTest::mergingForgetsWhatIsNotWanted()
{
    SecretBox box;
    box.put(nameOf(1), SecretKey::generatePreshared());
    box.put(nameOf(2), SecretKey::generatePreshared());
    SecretBox newer;
    newer.put(nameOf(3), SecretKey::generatePreshared());
    box.merge(newer, {nameOf(2), nameOf(3)});
    QVERIFY(!box.find(nameOf(1)));
    QVERIFY(box.find(nameOf(2)));
    QVERIFY(box.find(nameOf(3)));
    QCOMPARE(box.known().size(), std::size_t(2));
}

QTEST_GUILESS_MAIN(SecretBoxTest)
#include "secret_box_test.moc"
