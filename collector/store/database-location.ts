// Where the database is, as people write it: a file of SQLite, or a PostgreSQL server.
import { resolve } from 'node:path'
import { GabionError } from '../../runtime/errors.ts'

export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string; readonly passwordFile: string }

/**
 * @param text `sqlite:PATH`, `postgres://…`, or empty for the file of a data directory
 * @throws GabionError with code `config`, without what stands in the text: it may have a password
 */
export function parseDatabaseLocation(text: string, defaultPath: string, passwordFile = ''): DatabaseLocation {
  if (text === '') return { kind: 'sqlite', path: defaultPath }
  if (/^sqlite:./.test(text)) return { kind: 'sqlite', path: resolve(text.slice('sqlite:'.length)) }
  if (/^postgres(ql)?:\/\//.test(text)) {
    if (!URL.canParse(text))
      throw new GabionError('config', 'database: not a URL such as postgres://USER@HOST/DATABASE')
    return { kind: 'postgres', url: text, passwordFile }
  }
  throw new GabionError('config', 'database: expected sqlite:PATH or postgres://USER@HOST/DATABASE')
}

/** In words, without user and password. */
export function showDatabase(location: DatabaseLocation): string {
  if (location.kind === 'sqlite') return location.path
  const { host, pathname } = new URL(location.url)
  return `postgres://${host}${pathname}`
}
