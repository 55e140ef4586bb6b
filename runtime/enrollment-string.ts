// The one string that enrolls a host: where the collector is, how to know it, and the token to show it.
import { createHash } from 'node:crypto'

export interface EnrollmentString {
  /** HOST:PORT of the listener that enrolls */
  readonly endpoint: string
  /** `sha256:<hex>` of the public key of the collector's CA */
  readonly pin: string
  readonly tokenId: string
  /** lower-case hex */
  readonly secret: string
}

/** Says what it is to whoever finds it, and to scanners for leaked secrets. */
const prefix = 'gabion_enroll_1_'
const sumLength = 6

export function formatEnrollmentString({ endpoint, pin, tokenId, secret }: EnrollmentString): string {
  const body = Buffer.from([tokenId, secret, pin.replace(/^sha256:/, ''), endpoint].join(' '), 'utf8').toString(
    'base64url',
  )
  return `${prefix}${body}${sum(body)}`
}

/** Why a text is no enrollment string; never names a part of it, since it is a secret. */
export class EnrollmentStringError extends Error {
  override readonly name = 'EnrollmentStringError'
}

/** @throws EnrollmentStringError */
export function parseEnrollmentString(text: string): EnrollmentString {
  if (!text.startsWith(prefix)) throw new EnrollmentStringError(`an enrollment string begins with ${prefix}`)
  const body = text.slice(prefix.length, -sumLength)
  if (body === '' || sum(body) !== text.slice(-sumLength)) {
    throw new EnrollmentStringError('the enrollment string is not whole: copy it again')
  }
  const match = content.exec(Buffer.from(body, 'base64url').toString('utf8'))
  const { tokenId = '', secret = '', pin = '', endpoint = '' } = match?.groups ?? {}
  if (!match) throw new EnrollmentStringError('the enrollment string is not one of this version')
  return { endpoint, pin: `sha256:${pin}`, tokenId, secret }
}

const content =
  /^(?<tokenId>[0-9a-z]{1,32}) (?<secret>[0-9a-f]{64}) (?<pin>[0-9a-f]{64}) (?<endpoint>[^\s\p{C}]{3,300})$/u

/** Finds a string that was cut short or mistyped; no protection against anybody. */
const sum = (body: string): string => createHash('sha256').update(body).digest('hex').slice(0, sumLength)
