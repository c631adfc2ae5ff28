// Every Codec<T>.
#pragma once

#include "proto/config/alarms.hpp"
#include "proto/config/encode.hpp"
#include "proto/config/image.hpp"
#include "proto/config/motion.hpp"
#include "proto/config/network.hpp"
#include "proto/config/pir.hpp"
#include "proto/config/record.hpp"
#include "proto/config/system.hpp"
