// Everything of the C++ API.
#pragma once

#include "dmss/device.hpp"
#include "dmss/engine.hpp"
#include "dmss/error.hpp"
#include "dmss/live.hpp"
#include "dmss/log.hpp"
#include "dmss/media.hpp"
#include "dmss/operation.hpp"
#include "dmss/result.hpp"
#include "dmss/secret.hpp"
#include "dmss/tls.hpp"
#include "dmss/version.hpp"
