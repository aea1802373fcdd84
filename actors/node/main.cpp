// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// acgsd: one node in one process.

#include "actors/node/constitution_check.hpp"
#include "actors/node/epoch.hpp"
#include "actors/node/log.hpp"
#include "actors/node/node.hpp"
#include "actors/node/options.hpp"
#include "actors/node/unlock.hpp"
#include "actors/signer/relock.hpp"
#include "runtime/base/exit_code.hpp"
#include "runtime/base/log.hpp"
#include "runtime/base/version.hpp"
#include "runtime/config/load.hpp"
#include "runtime/process/delivered.hpp"
#include "runtime/process/memory.hpp"
#include "runtime/process/run_files.hpp"
#include "runtime/process/scheduling.hpp"
#include "runtime/process/signals.hpp"
#include "runtime/process/standard_descriptors.hpp"

#include <sys/stat.h>

#include <iostream>

/// Read by jemalloc, jemalloc(3): memory for each processor instead of for each
/// group of threads, which saves a small machine 0.8 MB and a node no time.
/// MALLOC_CONF in the environment goes before it.
extern "C" {
extern const char* const malloc_conf;
const char* const malloc_conf = "percpu_arena:percpu";
}

namespace {

using namespace acgs;

/// By the table of all programs. What is forbidden is to us here: files whose
/// rights must be changed.
int ending(ec code) {
  return exit_code_of(code == ec::forbidden ? ec::invalid_argument : code);
}

int fail(const caf::error& error) {
  std::cerr << "acgsd: " << sentence_of(error) << '\n';
  return ending(code_of(error));
}

int print_config(const config::settings& settings, const std::string& key) {
  auto text = config::print(settings, key);
  if (!text)
    return fail(text.error());
  std::cout << *text;
  if (!text->empty() && text->back() != '\n')
    std::cout << '\n';
  return 0;
}

/// What the configuration names, before anything is touched.
caf::error check_named(const config::settings& settings) {
  if (auto error = config::check_files(settings))
    return error;
  if (auto error = node::check_policies(settings.policy))
    return error;
  return node::check_constitution(settings.constitution);
}

int check_config(const config::settings& settings,
                 const std::filesystem::path& file) {
  if (auto error = check_named(settings))
    return fail(error);
  std::cout << file.string() << ": every key is good\n";
  return 0;
}

log::options log_options(const config::logging_settings& from) {
  log::options out;
  out.least = log::parse_level(from.level).value_or(log::level::info);
  out.file = from.file;
  out.file_bytes_max = from.max_bytes;
  out.file_backups = static_cast<unsigned>(from.backup_count);
  return out;
}

int begin_epoch(const config::settings& settings, const std::string& reason) {
  auto lock = node::make_lock(settings.keys);
  if (!lock)
    return fail(lock.error());
  auto files = process::run_files::claim(settings.process.pid_dir);
  if (!files)
    return fail(files.error());
  auto begun = node::begin_epoch(settings, reason, std::move(*lock));
  if (!begun)
    return fail(begun.error());
  std::cout << *begun << '\n';
  return 0;
}

/// What the key files are to be locked with, and how the configuration says so.
int relock_keys(const config::settings& settings, const node::options& with) {
  auto present = node::make_lock(settings.keys);
  if (!present)
    return fail(present.error());
  auto named = settings.keys;
  named.passphrase_file = with.new_passphrase_file;
  named.key_file = with.new_key_file;
  auto plain = named.passphrase_file.empty() && named.key_file.empty();
  auto next =
      plain ? result<std::shared_ptr<const crypto::key_lock>>{std::make_shared<
          const crypto::key_lock>()}
            : node::make_lock(named);
  if (!next)
    return fail(next.error());
  auto files = process::run_files::claim(settings.process.pid_dir);
  if (!files)
    return fail(files.error());
  if (auto bad = signer::relock_keys(settings.keys.dir, *present, **next))
    return fail(bad);
  std::cout << (plain ? "the key files are not encrypted any more; take "
                        "keys.passphrase_file and keys.key_file out of the "
                        "configuration\n"
                      : "the key files are locked anew; name the file in the "
                        "configuration, as "
                            + std::string{named.key_file.empty()
                                              ? "keys.passphrase_file\n"
                                              : "keys.key_file\n"});
  return 0;
}

int serve(const config::settings& settings) {
  if (auto error = check_named(settings))
    return fail(error);
  if (auto error = log::start(log_options(settings.logging)))
    return fail(error);
  auto files = process::run_files::claim(settings.process.pid_dir);
  if (!files)
    return fail(files.error());
  if (files->replaced_stale())
    node::logger.warning("replaced the lock of a process that is gone");
  auto lock = node::make_lock(settings.keys);
  if (!lock)
    return fail(lock.error());
  auto running = node::node::start(settings, std::move(*lock), *files);
  if (!running) {
    node::logger.error("the node cannot start",
                       {{"reason", sentence_of(running.error())}});
    return fail(running.error());
  }
  // Starting took more than serving does.
  process::give_back_memory();
  process::give_back_code();
  return (*running)->run();
}

int carry_out(const node::options& options) {
  if (options.what == node::options::task::version) {
    std::cout << "acgsd " << version << '\n';
    return 0;
  }
  auto settings = config::load(options.config, config::process_environment());
  if (!settings)
    return fail(settings.error());
  switch (options.what) {
  case node::options::task::check_config:
    return check_config(*settings, options.config);
  case node::options::task::new_epoch:
    return begin_epoch(*settings, options.reason);
  case node::options::task::relock_keys:
    return relock_keys(*settings, options);
  case node::options::task::print_config:
    return print_config(*settings, options.key);
  default:
    return serve(*settings);
  }
}

} // namespace

int main(int argc, char** argv) {
  process::block_signals();
  process::take_short_turns();
  process::fill_standard_descriptors();
  // Folders and files of the node are its user's and group's at most.
  ::umask(::umask(0) | 0027);
  auto parsed = node::parse_options(argc, argv);
  auto* code = std::get_if<int>(&parsed);
  return process::delivered(
      "acgsd", code ? *code : carry_out(std::get<node::options>(parsed)));
}
