// Time sections, "1 08:00:00-18:00:00", and the weeks made of them (protocol http-rpc.md §5.1).
#pragma once

#include <string>
#include <string_view>

#include "dmss/config/schedule.hpp"
#include "proto/config/fields.hpp"

namespace dmss::proto::config {

/// Blanks and the number of digits do not matter; 23:59:59 and 24:00:00 both end the day. nullopt for anything else.
std::optional<TimePeriod> parse_time_section(std::string_view text);
/// `midnight` is how a day's end is spelled: "23:59:59" or "24:00:00".
std::string write_time_section(const TimePeriod& period, std::string_view midnight = "23:59:59");
/// Do two texts mean the same time? Of unused ones only that matters. False when one of them is no time section.
bool same_time_section(std::string_view a, std::string_view b);

/// `week` is TimeSection: seven days, or eight with a holiday, of six texts or more. What cannot be read is unused.
Schedule read_schedule(const Json* week);
/// Writes the texts of periods that differ, in the device's spelling of midnight; those beyond the sixth stay.
void apply_schedule(const Schedule& value, const Schedule& before, const char* key, Edit& edit);
/// Of periods that differ: times in order and within the day, no bit twice at a time, no bit outside `bits` that was not there before.
void check_schedule(const Schedule& value, const Schedule& before, std::uint32_t bits, const char* field,
                    Ranges& out);

}  // namespace dmss::proto::config
