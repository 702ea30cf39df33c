#pragma once

namespace weeks {

/// Whether all that sockets of this process have sent to each other over TCP has arrived: bytes, connections
/// and their ends. Asked of the kernel, so that nobody has to be told of a connection. What has arrived is
/// ready for whoever polls next; a Unix socket's bytes have arrived when they are sent.
bool are_silent();

}  // namespace weeks
