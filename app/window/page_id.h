// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>

namespace sallyport {

/// In the order of the navigation.
enum class PageId { Overview, Devices, Exits, Picture, Activity, Diagnose, Settings };

inline constexpr std::array kPages = {PageId::Overview, PageId::Devices, PageId::Exits, PageId::Picture,
    PageId::Activity, PageId::Diagnose, PageId::Settings};

} // namespace sallyport
