// The collector's own certificate authority: made once, kept in its data directory, signs servers and hosts.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificatePin, certificatesOf } from '../../../runtime/certificate-pin.ts'
import type { Clock } from '../../../runtime/clock.ts'
import { errnoOf, GabionError } from '../../../runtime/errors.ts'
import { writeFileDurably } from '../../../runtime/write-file.ts'
import type { ClientCertificate, KeyPair } from './sign.ts'

const dayMs = 86_400_000
const authorityMs = 10 * 365 * dayMs
const serverMs = 90 * dayMs
/** Clocks of hosts may be wrong by a day and more: what they judge by them was valid before it was issued. */
const hostSkewMs = 2 * dayMs
/** What the collector itself judges: a clock that is set back a little takes nobody's credential away. */
const ownSkewMs = 5 * 60_000

export interface Authority {
  /** PEM of the certificates to verify by */
  readonly certificates: string
  /** `sha256:<hex>` of its public key, what enrollment tokens carry */
  readonly pin: string
  /** a server certificate with its chain, the authority itself included, so that a pin can be checked */
  issueServer(names: readonly string[]): Promise<KeyPair>
  /** @throws RequestError for a signing request that would not be signed */
  checkRequest(request: Uint8Array): Promise<void>
  /** @throws RequestError */
  issueClient(request: Uint8Array, commonName: string, lifetimeMs: number): Promise<ClientCertificate>
}

/**
 * Opens the authority of a data directory, and makes it at the first start.
 * @throws GabionError with code `state_directory` when its files cannot be used
 */
export async function openAuthority(dataDirectory: string, clock: Clock): Promise<Authority> {
  const directory = join(dataDirectory, 'pki')
  const pair = readPair(directory) ?? (await makePair(directory, clock))
  const sign = () => import('./sign.ts')
  const during = (ms: number, skewMs: number) => ({
    from: new Date(clock.now() - skewMs),
    to: new Date(clock.now() + ms),
  })
  return {
    certificates: pair.certificate,
    pin: certificatePin(new X509Certificate(pair.certificate)),
    async issueServer(names) {
      const { issueServer } = await sign()
      const { certificate, key } = await issueServer(pair, names, during(serverMs, hostSkewMs))
      return { certificate: certificate + pair.certificate, key }
    },
    async checkRequest(request) {
      const { readRequest } = await sign()
      await readRequest(request)
    },
    async issueClient(request, commonName, lifetimeMs) {
      const { issueClient } = await sign()
      return issueClient(pair, request, commonName, during(lifetimeMs, ownSkewMs))
    },
  }
}

const paths = (directory: string) => ({ certificate: join(directory, 'ca.crt'), key: join(directory, 'ca.key') })

/** Undefined before the first start. A key without its certificate, or the reverse, is damage and not a first start. */
function readPair(directory: string): KeyPair | undefined {
  const { certificate: certificatePath, key: keyPath } = paths(directory)
  const certificate = readOptional(certificatePath)
  const key = readOptional(keyPath)
  if (certificate === undefined) return undefined
  if (key === undefined) throw new GabionError('state_directory', `${keyPath}: is missing beside ${certificatePath}`)
  try {
    const [own] = certificatesOf(certificate)
    const fits = own?.ca && own.publicKey.equals(createPublicKey(createPrivateKey(key)))
    if (fits) return { certificate, key }
  } catch (cause) {
    throw new GabionError('state_directory', `${certificatePath}: cannot be read as a certificate and its key`, {
      cause,
    })
  }
  throw new GabionError('state_directory', `${keyPath}: is not the key of the authority in ${certificatePath}`)
}

/** The certificate comes last: without it nothing was issued, and a key left by a crash is made anew. */
async function makePair(directory: string, clock: Clock): Promise<KeyPair> {
  const { makeAuthority } = await import('./sign.ts')
  const now = clock.now()
  const validity = { from: new Date(now - hostSkewMs), to: new Date(now + authorityMs) }
  const pair = await makeAuthority('Gabion collector CA', validity)
  const { certificate, key } = paths(directory)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeFileDurably(key, pair.key, 0o600)
    writeFileDurably(certificate, pair.certificate, 0o644)
  } catch (cause) {
    throw new GabionError('state_directory', `${directory}: cannot be written (${errnoOf(cause)})`, { cause })
  }
  return pair
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw new GabionError('state_directory', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}
