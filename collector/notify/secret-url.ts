// URLs that let whoever knows them send: read from a file, told to nobody.
import { GabionError } from '../../runtime/errors.ts'
import { readSecret } from './secret-file.ts'

/** @throws GabionError (config) without a word of the URL */
export function secretUrl(key: string, file: string): URL {
  const url = URL.parse(readSecret(key, file))
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url
  throw new GabionError('config', `${key}: ${file}: expected one https URL without user and password`)
}
