import "server-only";
import type { PhraseTable } from "../programs.ts";

/** What is said when no PostgreSQL server is reached. */
export const networkPhrases: PhraseTable = {
  "net-name-unknown": {
    libpq: [
      'could not translate host name "…" to address: Name or service not known',
      'could not translate host name "…" to address: nodename nor servname provided, or not known',
      'could not translate host name "…" to address: No address associated with hostname',
      'could not translate host name "…" to address: Unknown host',
    ],
    jdbc: ["java.net.UnknownHostException: …", "UnknownHostException"],
    node: ["getaddrinfo ENOTFOUND …", "ENOTFOUND", "queryA ENOTFOUND"],
    python: [
      "socket.gaierror: [Errno -2] Name or service not known",
      "[Errno 8] nodename nor servname provided, or not known",
      "[Errno 11001] getaddrinfo failed",
    ],
    go: ["hostname resolving error (lookup …: no such host)", "dial tcp: lookup …: no such host"],
    rust: [
      "failed to lookup address information: Name or service not known",
      "failed to lookup address information: nodename nor servname provided, or not known",
    ],
    dotnet: [
      "System.Net.Sockets.SocketException (11001): No such host is known",
      "Name or service not known",
    ],
    windows: ["No such host is known. (0x00002AF9/11001)", "WSAHOST_NOT_FOUND"],
  },
  "net-name-temporary": {
    libpq: [
      'could not translate host name "…" to address: Temporary failure in name resolution',
      'could not translate host name "…" to address: Try again',
    ],
    node: ["getaddrinfo EAI_AGAIN …", "EAI_AGAIN"],
    python: ["socket.gaierror: [Errno -3] Temporary failure in name resolution"],
    go: ["lookup …: server misbehaving", "lookup … on …:53: read udp …: i/o timeout"],
    rust: [
      "failed to lookup address information: Temporary failure in name resolution",
      "failed to lookup address information: Try again",
    ],
    jdbc: ["java.net.UnknownHostException: …: Temporary failure in name resolution"],
    dotnet: [
      "Resource temporarily unavailable",
      "System.Net.Sockets.SocketException (00000001, 11): Resource temporarily unavailable",
    ],
  },
  "net-refused": {
    libpq: [
      'connection to server at "…", port … failed: Connection refused. Is the server running on that host and accepting TCP/IP connections?',
      'could not connect to server: Connection refused. Is the server running on host "…" and accepting TCP/IP connections on port …?',
      "Connection refused (0x0000274D/10061)",
    ],
    jdbc: [
      "Connection to … refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections.",
      "java.net.ConnectException: Connection refused",
    ],
    node: ["connect ECONNREFUSED …", "ECONNREFUSED", "AggregateError [ECONNREFUSED]"],
    python: [
      "ConnectionRefusedError: [Errno 111] Connect call failed",
      "[Errno 61] Connection refused",
      "OSError: Multiple exceptions: [Errno 111] Connect call failed",
    ],
    go: ["dial error (dial tcp …: connect: connection refused)", "connect: connection refused"],
    rust: [
      "error connecting to server: Connection refused (os error 111)",
      "Connection refused (os error 61)",
    ],
    dotnet: [
      "Failed to connect to … ---> System.Net.Sockets.SocketException (111): Connection refused",
      "No connection could be made because the target machine actively refused it.",
    ],
    windows: [
      "No connection could be made because the target machine actively refused it.",
      "WSAECONNREFUSED 10061",
    ],
    prisma: [
      "P1001: Can't reach database server at `…`",
      "Please make sure your database server is running at …",
    ],
  },
  "net-timeout": {
    libpq: [
      'connection to server at "…", port … failed: timeout expired',
      'connection to server at "…", port … failed: Connection timed out. Is the server running on that host and accepting TCP/IP connections?',
      'could not connect to server: Connection timed out. Is the server running on host "…" and accepting TCP/IP connections on port …?',
      "Operation timed out",
      "Connection timed out (0x0000274C/10060)",
    ],
    jdbc: [
      "java.net.SocketTimeoutException: Connect timed out",
      "java.net.SocketTimeoutException: Read timed out",
      "java.net.ConnectException: Connection timed out",
    ],
    node: [
      "connect ETIMEDOUT …",
      "ETIMEDOUT",
      "timeout expired",
      "Connection terminated due to connection timeout",
      "timeout exceeded when trying to connect",
    ],
    python: [
      "asyncio.exceptions.TimeoutError",
      "TimeoutError: [Errno 110] Connection timed out",
      "[Errno 60] Operation timed out",
    ],
    go: [
      "dial error (dial tcp …: i/o timeout)",
      "failed to connect to `…`: context deadline exceeded",
      "connect: connection timed out",
    ],
    rust: [
      "connection timed out (os error 110)",
      "pool timed out while waiting for an open connection",
      "error connecting to server: connection timed out",
    ],
    dotnet: [
      "System.TimeoutException: The operation has timed out",
      "Exception while reading from stream ---> System.TimeoutException: Timeout during reading attempt",
      "A connection attempt failed because the connected party did not properly respond after a period of time",
    ],
    prisma: [
      "P1002: The database server at `…` was reached but timed out.",
      "P1001: Can't reach database server at `…`",
    ],
    windows: [
      "A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond",
    ],
  },
  "net-unreachable": {
    libpq: [
      'connection to server at "…", port … failed: Network is unreachable',
      "could not connect to server: No route to host",
      "Cannot assign requested address",
    ],
    jdbc: [
      "java.net.NoRouteToHostException: No route to host",
      "java.net.SocketException: Network is unreachable",
    ],
    node: ["connect ENETUNREACH …", "connect EHOSTUNREACH …", "EADDRNOTAVAIL"],
    python: [
      "OSError: [Errno 101] Network is unreachable",
      "OSError: [Errno 113] Connect call failed",
      "[Errno 65] No route to host",
    ],
    go: ["connect: network is unreachable", "connect: no route to host"],
    rust: ["Network is unreachable (os error 101)", "No route to host (os error 113)"],
    dotnet: [
      "System.Net.Sockets.SocketException (101): Network is unreachable",
      "System.Net.Sockets.SocketException (113): No route to host",
    ],
    windows: [
      "A socket operation was attempted to an unreachable network.",
      "A socket operation was attempted to an unreachable host.",
    ],
  },
  "net-reset": {
    libpq: [
      "could not receive data from server: Connection reset by peer",
      "could not send startup packet: Broken pipe",
      "could not receive data from server: Software caused connection abort (0x00002745/10053)",
    ],
    jdbc: ["java.net.SocketException: Connection reset", "java.net.SocketException: Broken pipe"],
    node: ["read ECONNRESET", "ECONNRESET", "write EPIPE"],
    python: [
      "ConnectionResetError: [Errno 104] Connection reset by peer",
      "ConnectionResetError: [WinError 10054]",
    ],
    go: ["read: connection reset by peer", "write: broken pipe"],
    rust: [
      "Connection reset by peer (os error 104)",
      "error communicating with the server: Connection reset by peer",
    ],
    dotnet: ["Unable to read data from the transport connection: Connection reset by peer."],
    windows: [
      "An existing connection was forcibly closed by the remote host.",
      "An established connection was aborted by the software in your host machine.",
      "could not receive data from server: Connection reset by peer (0x00002746/10054)",
    ],
  },
  "net-closed": {
    libpq: [
      "server closed the connection unexpectedly. This probably means the server terminated abnormally before or while processing the request.",
      "no connection to the server",
    ],
    jdbc: [
      "An I/O error occurred while sending to the backend.",
      "java.io.EOFException",
      "This connection has been closed.",
    ],
    node: [
      "Connection terminated unexpectedly",
      "Client has encountered a connection error and is not queryable",
      "socket hang up",
    ],
    python: [
      "asyncpg.exceptions.ConnectionDoesNotExistError: connection was closed in the middle of operation",
      "unexpected connection_lost() call",
    ],
    go: ["failed to receive message (unexpected EOF)", "driver: bad connection", "conn closed"],
    rust: ["connection closed", "expected to read … bytes, got 0 bytes at EOF", "unexpected end of file"],
    dotnet: [
      "Exception while reading from stream ---> System.IO.EndOfStreamException: Attempted to read past the end of the stream.",
    ],
    prisma: ["P1017: Server has closed the connection."],
  },
  "net-not-postgres": {
    libpq: [
      "received invalid response to SSL negotiation: …",
      "received invalid response to GSSAPI negotiation: …",
      "expected authentication request from server, but received …",
      "invalid length of startup packet",
    ],
    jdbc: [
      "Protocol error. Session setup failed.",
      "An error occurred while setting up the SSL connection.",
      "Unknown Response Type …",
    ],
    node: ["There was an error establishing an SSL connection"],
    go: ["pq: unrecognized response to SSLRequest", "received unexpected message", "unknown message type"],
    dotnet: [
      "Received unknown response … for SSLRequest (expecting S or N)",
      "Received backend message Unknown while expecting Authentication",
    ],
    rust: ["unexpected response from SSLRequest: 0x…", "unexpected message from server"],
  },
};
