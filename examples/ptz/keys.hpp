// Moves a camera by the keyboard.
#pragma once

#include "dmss/dmss.hpp"

namespace ptz {

/// Until q is pressed. An exit code.
int keys(dmss::Ptz ptz, int speed);

}  // namespace ptz
