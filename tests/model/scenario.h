// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/plan/desired_state_of.h"
#include "tests/model/machine.h"

/// The configuration, the networks and the wishes that the walk goes through.
namespace sallyport::model {

enum class ChosenExit { Off, Se, No, Four, Six, Vps, Nas, Broken };
inline constexpr std::array kExits = {ChosenExit::Off, ChosenExit::Se, ChosenExit::No, ChosenExit::Four,
    ChosenExit::Six, ChosenExit::Vps, ChosenExit::Nas, ChosenExit::Broken};

enum class Place { Hotel, Mobile, Cafe, AtHome, Nowhere };
inline constexpr std::array kPlaces = {Place::Hotel, Place::Mobile, Place::Cafe, Place::AtHome, Place::Nowhere};

/// What a person has switched on, and where.
struct Wish {
    bool home = false;
    ChosenExit exit = ChosenExit::Off;
    bool lockdown = false;
    bool allowLan = true;
    Place place = Place::Hotel;

    bool isGuarded() const { return exit != ChosenExit::Off || lockdown; }
    bool isProvider() const { return exit >= ChosenExit::Se && exit <= ChosenExit::Six; }
    bool isDevice() const { return exit == ChosenExit::Vps || exit == ChosenExit::Nas; }
    bool hasHomeLink() const { return home || isDevice(); }
    QString toString() const;
    bool operator==(const Wish &) const = default;
};

/// Every wish, those of one place together.
std::vector<Wish> allWishes();

const Ground &groundOf(Place place);
DesiredState desiredFor(const Wish &wish);

/// Addresses that the scenario is about.
namespace at {
inline constexpr char16_t kInternet4[] = u"203.0.113.80";
inline constexpr char16_t kInternet6[] = u"2001:db8:80::80";
inline constexpr char16_t kAnnounced4[] = u"203.0.113.66"; ///< in the main table by option 121 (TunnelVision)
inline constexpr char16_t kAnnounced6[] = u"2001:db8:66::66"; ///< likewise by a router advertisement
inline constexpr char16_t kMesh4[] = u"10.42.1.4";
inline constexpr char16_t kMesh6[] = u"fd42::4";
inline constexpr char16_t kSubnet4[] = u"10.41.200.9"; ///< behind the nas
inline constexpr char16_t kSubnet6[] = u"fd41::9";
inline constexpr char16_t kOwnMesh4[] = u"10.42.1.2";
inline constexpr char16_t kOwnExit4[] = u"10.64.3.7"; ///< of Se
inline constexpr char16_t kExitResolver[] = u"10.64.0.1";
inline constexpr char16_t kServer4[] = u"198.51.100.7"; ///< of Se
inline constexpr char16_t kServer6[] = u"2001:db8:7::7";
inline constexpr char16_t kNas4[] = u"123.45.67.89";
inline constexpr char16_t kNas6[] = u"2001:db8:123::89";
inline constexpr char16_t kNasLan[] = u"10.41.1.4";
inline constexpr char16_t kVps4[] = u"98.76.65.43";
inline constexpr char16_t kVps6[] = u"2001:db8:98::43";
inline constexpr char16_t kContainer4[] = u"172.17.0.2";
inline constexpr char16_t kContainer6[] = u"fd17::2";
} // namespace at

inline constexpr quint16 kHomePort = 53333;
IpAddress address(QStringView text);

} // namespace sallyport::model
