// `gabion-collector ready`: asks a collector on this machine whether it serves, for probes that cannot speak HTTP.
import { readFileSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { join } from 'node:path'
import { Command } from 'commander'
import { errnoOf, GabionError, messageOf } from '../../runtime/errors.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { showAddress } from '../listen-address.ts'
import { apiAccess } from './api-access.ts'
import { type DataOptions, dataOptions, readSettings } from './settings.ts'

interface ReadyOptions extends DataOptions {
  readonly httpAddress?: string
  readonly alive?: true
}

const timeoutMs = 4_000

export function readyCommand(): Command {
  return dataOptions(new Command('ready'))
    .description('ask the collector on this machine whether it serves; exit code 0 when it does')
    .option('--http-address <host:port>', 'its API (default: as configured, on loopback)')
    .option('--alive', 'ask only whether it answers at all')
    .addHelpText('after', '\nExample:\n  gabion-collector ready --http-address 127.0.0.1:8080')
    .action(ready)
}

async function ready({ httpAddress, alive, config, dataDir }: ReadyOptions): Promise<void> {
  const settings = readSettings(config, { dataDir })
  const trusted = trustOf(settings)
  const address = httpAddress ?? showAddress({ host: reachable(settings.httpHost), port: settings.httpPort })
  const url = `${trusted === undefined ? 'http' : 'https'}://${address}${alive ? '/healthz' : '/readyz'}`
  const status = await statusOf(url, trusted)
  if (status !== 200) throw new GabionError('internal', `${url}: answered ${status}`)
  process.stdout.write(alive ? 'alive\n' : 'ready\n')
}

/** Where a collector is reached that listens everywhere. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' || host === '[::]' ? '::1' : host
}

/** PEM of what the API proves itself by, undefined when it speaks without TLS. */
function trustOf(settings: CollectorConfig): string | undefined {
  const { tls } = apiAccess(settings)
  if (!tls) return undefined
  const file = tls.certificate === 'own' ? join(settings.dataDir, 'pki', 'ca.crt') : tls.certificate.certificate
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GabionError('internal', `${file}: cannot be read (${errnoOf(cause)})`, { cause })
  }
}

/** It is this machine's own collector by its certificate, whatever name that is for. */
function statusOf(url: string, ca: string | undefined): Promise<number> {
  const signal = AbortSignal.timeout(timeoutMs)
  const tls = { ca: ca ?? '', allowPartialTrustChain: true, checkServerIdentity: () => undefined }
  return new Promise((resolve, reject) => {
    const sent = ca === undefined ? plainRequest(url, { signal }) : secureRequest(url, { ...tls, signal })
    sent.on('response', response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', cause => {
      const reason = signal.aborted ? 'timeout' : messageOf(cause)
      reject(new GabionError('internal', `${url}: no answer (${reason})`, { cause }))
    })
    sent.end()
  })
}
