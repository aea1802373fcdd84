// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

#include "runtime/client/link.hpp"

namespace acgs::client {

struct backup_stream::source {
  link& over;
  schema::Backup::Client from;
};

result<backup_stream> admin_calls::begin_backup(const backup_base& from,
                                                const change_options& how) {
  auto admin = link_.admin();
  if (!admin)
    return std::move(admin.error());
  auto request = (*admin)->backupRequest();
  auto base = request.initBase();
  base.setSize(from.size);
  base.setRevision(from.revision);
  auto data = [](const bytes& raw) {
    return capnp::Data::Reader{reinterpret_cast<const kj::byte*>(raw.data()),
                               raw.size()};
  };
  base.setRoot(data(from.root));
  base.setSalt(data(from.salt));
  base.setSealKey(data(from.seal_key));
  write(how, request.initChange());
  auto got = link_.ask(kj::mv(request), [this](schema::Backup::Client client) {
    return std::make_shared<backup_stream::source>(
        backup_stream::source{link_, kj::mv(client)});
  });
  if (!got)
    return std::move(got.error());
  return backup_stream{std::move(*got)};
}

result<backup_part> backup_stream::next() {
  return source_->over.ask(
      source_->from.readRequest(), [](schema::BackupPart::Reader from) {
        return backup_part{copy(from.getBytes()), from.getLast(),
                           from.getEntries(), from.getTotal()};
      });
}

} // namespace acgs::client
