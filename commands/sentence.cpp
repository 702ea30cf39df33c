#include "commands/sentence.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <map>

#include "commands/operation.hpp"
#include "commands/request.hpp"
#include "hetzner/error.hpp"
#include "tailnet/tailnet.hpp"

namespace commands {
namespace {

/// The limits of a project are not in the API; only the refusal names one.
std::string limit_words(const std::string& limit) {
  static const std::map<std::string, std::string> known = {{"server_limit", "servers"},
                                                           {"core_limit", "shared vCPUs"},
                                                           {"dedicated_core_limit", "dedicated vCPUs"},
                                                           {"primary_ip_limit", "Primary IPs"},
                                                           {"volume_limit", "volumes"},
                                                           {"volume_size_limit", "gigabytes of volumes"},
                                                           {"snapshot_limit", "snapshots"}};
  const auto found = known.find(limit);
  const auto of = found != known.end() ? "number of " + found->second : limit.empty() ? "a resource" : limit;
  return "the Hetzner project may not have more: its limit for the " + of +
         " is reached. An admin can ask for more in Hetzner's console (Limits → Request change), or take "
         "away "
         "what is not needed: orphans lists it.";
}

/// A sentence of others, which may bring its own full stop.
std::string ended(std::string words) {
  while (words.ends_with('.')) words.pop_back();
  return words + ".";
}

std::string words_of(const hetzner::ApiError& error) {
  if (error.code == "unauthorized") return "Hetzner refuses the token. An admin has to put in a valid one.";
  if (error.code == "forbidden" || error.code == "token_readonly")
    return "Hetzner's token may only read. An admin has to put in one that may write.";
  if (has_no_room(error))
    return "Hetzner has no room for this server type in this location now. Another type may do, or a later "
           "try.";
  if (error.code == "resource_limit_exceeded") return limit_words(error.detail);
  if (error.code == "uniqueness_error")
    return "something of that name exists in the Hetzner project and is not ours. Rename or delete it there.";
  if (error.code == "maintenance") return "Hetzner is under maintenance. Try again in some minutes.";
  return ended(error.what());
}

}  // namespace

std::string sentence(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.what();
  } catch (const Late& late) {
    return late.what();
  } catch (const Cancelled& cancelled) {
    return std::string(cancelled.what()) + ".";
  } catch (const hetzner::ApiError& error) {
    return words_of(error);
  } catch (const hetzner::OutcomeUnknown& error) {
    return ended(std::string("Hetzner did not confirm what it was asked to do: ") + error.what());
  } catch (const hetzner::Unavailable& error) {
    return ended(error.what());
  } catch (const hetzner::ActionFailed& error) {
    return ended(std::string("Hetzner could not finish: ") + error.what());
  } catch (const tailnet::Error& error) {
    return ended(std::string("the tailnet: ") + error.what());
  } catch (const std::exception& error) {
    spdlog::error("unforeseen: {}", error.what());
    return "something unforeseen happened; the log says more.";
  }
}

bool leaves_outcome_unknown(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const hetzner::OutcomeUnknown&) {
    return true;
  } catch (const tailnet::Error& error) {
    return error.status < 400 || error.status >= 500;
  } catch (const std::exception&) {
    return false;
  }
}

bool is_refusal(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error&) {
    return true;
  } catch (...) {
    return false;
  }
}

bool is_sold_out(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const SoldOut&) {
    return true;
  } catch (const hetzner::ApiError& error) {
    return has_no_room(error);
  } catch (const std::exception&) {
    return false;
  }
}

bool ends_the_process(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const boost::system::system_error& error) {
    return error.code() == boost::asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
}

}  // namespace commands
