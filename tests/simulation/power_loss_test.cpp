// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Loss of power at random moments of two lives of a node, on the disk of
// `disk_recorder.hpp`.
//   power_loss_test -- 10000          so many images
//   power_loss_test -- 1 SEED NUMBER  one of them
#define BOOST_TEST_MODULE power_loss
#include "tests/simulation/disk_recorder.hpp"
#include "tests/simulation/small_node.hpp"
#include "tests/support/scratch.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace acgs;

namespace {

constexpr std::size_t usual_images = 2000;
constexpr std::uint64_t usual_seed = 20260215;

struct recording {
  test::sample_signer signer;
  test::promises book;
  std::vector<test::disk_event> events;

  recording() {
    test::scratch_folder scratch;
    auto folder = scratch.path() / "store";
    test::disk_recorder disk{folder};
    test::faults::watch(&disk);
    auto note = [&] { disk.mark(book.entries, book.revision); };
    // The second goes on where the first stopped, in pages that were freed.
    for (test::run_length each : {test::run_length{40, 5}, {40, 5}})
      if (auto bad = test::run_node(folder, signer, book, each, note))
        BOOST_FAIL(sentence_of(bad));
    test::faults::watch(nullptr);
    events = disk.events();
  }
};

/// One image: where the power goes, and chance for what is left.
struct image {
  std::uint64_t number;
  std::size_t cut;
  std::mt19937_64 chance;
};

image make_image(std::uint64_t seed, std::uint64_t number, std::size_t events) {
  std::seed_seq from{seed, number};
  image out{number, 0, std::mt19937_64{from}};
  out.cut = out.chance() % (events + 1);
  return out;
}

/// As after a new boot of the machine.
void boot_again(const std::filesystem::path& folder) {
  auto session = folder / "index" / "session";
  if (std::filesystem::exists(session))
    test::write_file(session, "another boot");
}

void test_image(const recording& of, const test::disk_state& disk, image& one,
                std::uint64_t seed) {
  test::scratch_folder scratch;
  auto folder = scratch.path() / "store";
  disk.write_image(folder, one.chance);
  boot_again(folder);
  auto book = of.book;
  book.entries = disk.entries();
  book.revision = disk.revision();
  auto wrong = test::check_node(folder, of.signer, book);
  BOOST_TEST(wrong.empty(), "seed " << seed << ", image " << one.number
                                    << ", power lost at event " << one.cut
                                    << ": " << wrong);
}

} // namespace

BOOST_AUTO_TEST_CASE(no_loss_of_power_breaks_a_promise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  auto word = [&](int at, std::uint64_t otherwise) {
    return suite.argc > at ? std::stoull(suite.argv[at]) : otherwise;
  };
  auto seed = word(2, usual_seed);
  auto first = word(3, 0);
  recording of;
  std::vector<image> images;
  for (std::uint64_t i = 0; i < word(1, usual_images); ++i)
    images.push_back(make_image(seed, first + i, of.events.size()));
  // The recording is played once, so the images come in its order.
  std::ranges::stable_sort(images, {}, &image::cut);
  test::disk_state disk{of.events};
  for (auto& each : images) {
    disk.go_to(each.cut);
    test_image(of, disk, each, seed);
  }
  BOOST_TEST_MESSAGE(images.size()
                     << " images of " << of.events.size() << " events");
  BOOST_TEST(of.book.entries >= 200u);
  BOOST_TEST(of.book.revision >= 10u);
}
