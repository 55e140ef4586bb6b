// Which CA the hosts of a database know: collectors on one database all have to sign with the same one.

export interface AuthorityReader {
  /** pin of the CA that the database belongs to; undefined before the first collector over TLS */
  authorityPin(): Promise<string | undefined>
}

/** Part of a store's transaction. */
export interface AuthorityTransaction {
  /** takes a CA where there is none yet. @returns the pin of the one that the database belongs to now */
  claimAuthority(pin: string, atMs: number): Promise<string>
  /** another one from now on: hosts that were enrolled by the one before enroll anew */
  replaceAuthority(pin: string, atMs: number): Promise<void>
}
