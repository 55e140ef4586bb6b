// The host that a request names, or 404.
import type { ScopedReader } from '../domain/scoped-reader.ts'
import { Problem } from './problem.ts'

/** @throws Problem 404 when nobody has that id whom who asks may see */
export async function requireHost(read: Pick<ScopedReader, 'hostNumber'>, id: string): Promise<void> {
  requireThere(id, await read.hostNumber(id))
}

/** What was found of a host, or done about it. @throws Problem 404 */
export function requireThere<T>(id: string, found: T | false | undefined): T {
  if (found === undefined || found === false) throw new Problem(404, `no host has the id ${id}`)
  return found
}
