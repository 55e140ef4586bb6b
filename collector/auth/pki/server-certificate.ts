// The certificate that the collector proves itself by: its own and renewed in time, or one from files that may change.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { certificatesOf } from '../../../runtime/certificate-pin.ts'
import type { Clock } from '../../../runtime/clock.ts'
import { errnoOf, GabionError, messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import type { Authority } from './authority.ts'
import type { KeyPair } from './sign.ts'

const checkMs = 60_000

export interface ServerCertificate {
  /** in force now: the chain and its key, PEM */
  readonly current: KeyPair
  /** told of each new one; returns what ends that */
  onChange(listener: (pair: KeyPair) => void): () => void
  /** reads the files again, or renews when it is time; what is wrong is logged and the old one stays */
  refresh(): Promise<void>
  /** refreshes once a minute until the signal aborts */
  keep(signal: AbortSignal): Promise<void>
}

export interface CertificateFiles {
  readonly certificate: string
  readonly key: string
}

/** For `node:tls`: 1.3 and this certificate. @param clientAuthorities PEM of the CAs that clients prove themselves by */
export function tlsContext({ certificate, key }: KeyPair, clientAuthorities?: string) {
  const ca = clientAuthorities === undefined ? {} : { ca: clientAuthorities }
  return { minVersion: 'TLSv1.3', cert: certificate, key, ...ca } as const
}

/** Certificates of our own for names and addresses, new at two thirds of their life. */
export async function ownCertificate(
  authority: Authority,
  names: readonly string[],
  clock: Clock,
  log: Log,
): Promise<ServerCertificate> {
  let renewAtMs = 0
  return rotating(clock, log, async () => {
    if (clock.now() < renewAtMs) return undefined
    const pair = await authority.issueServer(names)
    const { validFrom, validTo } = new X509Certificate(pair.certificate)
    renewAtMs = Date.parse(validFrom) + ((Date.parse(validTo) - Date.parse(validFrom)) * 2) / 3
    return pair
  })
}

/** Certificates that somebody else renews. @throws GabionError with code `config` when they cannot be used */
export async function certificateFromFiles(
  files: CertificateFiles,
  clock: Clock,
  log: Log,
): Promise<ServerCertificate> {
  let known = ''
  return rotating(clock, log, async () => {
    const pair = readFiles(files)
    const text = pair.certificate + pair.key
    if (text === known) return undefined
    requirePair(pair, files)
    known = text
    return pair
  })
}

async function rotating(clock: Clock, log: Log, next: () => Promise<KeyPair | undefined>): Promise<ServerCertificate> {
  const listeners = new Set<(pair: KeyPair) => void>()
  const first = await next()
  if (!first) throw new GabionError('internal', 'there is no first server certificate')
  let current = first
  let failure = ''
  async function refresh(): Promise<void> {
    try {
      const pair = await next()
      failure = ''
      if (!pair) return
      current = pair
      log.info('server certificate replaced', { validTo: new X509Certificate(pair.certificate).validTo })
      for (const listener of [...listeners]) listener(pair)
    } catch (error) {
      if (messageOf(error) !== failure)
        log.error('server certificate kept, the new one is no use', { reason: messageOf(error) })
      failure = messageOf(error)
    }
  }
  return {
    get current() {
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh,
    async keep(signal) {
      while (!signal.aborted) {
        await clock.sleep(checkMs, signal)
        if (!signal.aborted) await refresh()
      }
    },
  }
}

function readFiles({ certificate, key }: CertificateFiles): KeyPair {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch (cause) {
      throw new GabionError('config', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
    }
  }
  return { certificate: read(certificate), key: read(key) }
}

function requirePair(pair: KeyPair, files: CertificateFiles): void {
  let fits = false
  try {
    const [own] = certificatesOf(pair.certificate)
    if (!own) throw new Error('there is no certificate in it')
    fits = own.checkPrivateKey(createPrivateKey(pair.key))
  } catch (cause) {
    throw new GabionError('config', `${files.certificate}, ${files.key}: ${messageOf(cause)}`, { cause })
  }
  if (!fits) throw new GabionError('config', `${files.key}: is not the key of ${files.certificate}`)
}
