// The authority of a collector, held against the one that its database belongs to.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../../runtime/clock.ts'
import { GabionError } from '../../../runtime/errors.ts'
import { authorityDirectory } from '../../data-directory.ts'
import type { Store } from '../../store/store.ts'
import { type Authority, openAuthority } from './authority.ts'

/**
 * Makes one at the first start of the first collector. Another collector on the database is given the same ca.crt and
 * ca.key: with a CA of its own it would sign certificates that no other one accepts.
 * @throws GabionError with code `config` for another CA than the database's, or none where it has one;
 * `state_directory` when the files cannot be used
 */
export async function openSharedAuthority(
  dataDirectory: string,
  { read, write }: Pick<Store, 'read' | 'write'>,
  clock: Clock,
): Promise<Authority> {
  const file = join(authorityDirectory(dataDirectory), 'ca.crt')
  const known = await read.authorityPin()
  if (known !== undefined && !existsSync(file)) {
    const remedy = 'put its ca.crt and ca.key there, from another collector or from a backup'
    throw new GabionError('config', `${file}: is missing, and the database has a CA already (${known}): ${remedy}`)
  }
  const authority = await openAuthority(dataDirectory, clock)
  const inForce = await write(transaction => transaction.claimAuthority(authority.pin, clock.now()))
  if (inForce === authority.pin) return authority
  const remedy = 'put that one there, or take this one for the whole fleet: gabion-collector ca accept'
  throw new GabionError('config', `${file}: is not the CA of the database (${inForce}): ${remedy}`)
}
