// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/result.h"

namespace sallyport {

inline constexpr int kQuietZone = 4; ///< modules, ISO/IEC 18004 section 6.3.8

/// A square of dark and light modules. As secret as the text in it.
class QrCode {
public:
    static Result<QrCode> encode(std::span<const char> text);

    int size() const { return m_size; }
    /// False outside: a code is surrounded by light.
    bool isDark(int x, int y) const;

    /// Two rows of modules in one line of text, with the quiet zone. `coloured`: black on white whatever the terminal's
    /// colours are; otherwise light modules are drawn, for terminals with a dark background.
    SecretText terminalText(bool coloured) const;
    /// A picture in black and white with the quiet zone, 8 pixels a module (ISO/IEC 15948).
    Result<SecretText> png() const;

private:
    int m_size = 0;
    std::vector<quint8, WipingAllocator<quint8>> m_modules;
};

} // namespace sallyport
