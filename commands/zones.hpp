#pragma once
#include <date/tz.h>

#include <string>

#include "net/clock.hpp"

/// Local times of the time zone database, for the few units that read and write them: the library's header is
/// a large one.
namespace commands {

using LocalTime = date::local_time<net::Duration>;

/// UTC when there is none of that name.
const date::time_zone& zone_named(const std::string& name);

LocalTime local_time(net::Time time, const date::time_zone& zone);

/// A local time that a change to summer time leaves out is the instant of the change; one that comes twice is
/// the first, or with `choose::latest` the second.
net::Time instant_of(LocalTime time, const date::time_zone& zone,
                     date::choose which = date::choose::earliest);

}  // namespace commands
