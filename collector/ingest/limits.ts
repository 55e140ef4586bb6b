// What one stream and all of them together may take.

export const limits = {
  /** a gRPC message, and therefore a facet */
  messageBytes: 8 * 1024 * 1024,
  /** an exchange: everything that one POST brings */
  exchangeBytes: 16 * 1024 * 1024,
  observationBytes: 1024 * 1024,
  /** levels of nesting in a body */
  depth: 32,
  /** agents at the same time */
  streams: 20_000,
  /** connections of one listener, with a stream or without */
  connections: 24_000,
  facetsPerHost: 128,
  /** offers of one stream that wait for a body or for the disk */
  pendingOffers: 64,
  /** bytes of bodies of one stream that were asked for, or wait for one before them */
  pendingBytes: 16 * 1024 * 1024,
  /** characters of bodies of all streams that came and are not on disk yet */
  unsavedCharacters: 128 * 1024 * 1024,
  /** bytes of bodies of all streams that were asked for and are not on disk yet */
  reservedBytes: 128 * 1024 * 1024,
  /** messages that an agent may let lie unread */
  unreadMessages: 512,
  /** pieces of work that may wait for the disk before offers are put off */
  waitingWork: 4_096,
  labels: 64,
  helloMs: 10_000,
  /** a body that was asked for comes in that time */
  bodyMs: 120_000,
  /** a connection without a stream is closed after that */
  idleConnectionMs: 60_000,
  /** a connection is ended after that, give or take a tenth (the library's jitter): never later than 24 h and a tenth */
  connectionAgeMs: 22 * 3_600_000,
  /** what it has under way may end meanwhile */
  connectionGraceMs: 30_000,
  /** streams and calls of one connection */
  streamsPerConnection: 100,
  /** how long a refused agent may take to close its side */
  lingerMs: 5_000,
  heartbeatSeconds: 180,
  /** a stream that says nothing for so long is dead */
  silenceMs: 3 * 180_000 + 30_000,
  /** an offer that was put off comes again after that */
  retryAfterMs: 2_000,
  /** quiet that a new host is waited for before it is judged, while its first facets arrive */
  settleMs: 3_000,
} as const

export type Limits = { readonly [K in keyof typeof limits]: number }
