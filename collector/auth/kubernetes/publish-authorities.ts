// Puts the CA bundle that agents verify the collector by, never a key, into a ConfigMap that their pods mount.
import * as z from 'zod'
import { backoffMs } from '../../../runtime/backoff.ts'
import { certificatesOf } from '../../../runtime/certificate-pin.ts'
import type { Clock } from '../../../runtime/clock.ts'
import { messageOf } from '../../../runtime/errors.ts'
import type { Log } from '../../../runtime/log.ts'
import { type ApiServer, ApiServerUnavailable } from './api-server.ts'

export interface PublishOptions {
  readonly api: ApiServer
  /** name of the cluster, for the log */
  readonly cluster: string
  readonly namespace: string
  /** PEM of the bundle as it is now; asked each time */
  readonly certificates: () => string
  readonly clock: Clock
  readonly log: Log
}

export const configMapName = 'gabion-ca'
export const configMapKey = 'ca.crt'

const everyMs = 60_000
const waits = { firstMs: 2_000, mostMs: 60_000 } as const

const ConfigMapSchema = z.object({ data: z.record(z.string(), z.string()).optional() })

/** Compares once a minute until the signal aborts. Never rejects: what goes wrong is logged and tried again. */
export async function publishAuthorities(options: PublishOptions, signal: AbortSignal): Promise<void> {
  const { clock, cluster, namespace } = options
  const log = options.log.with({ cluster, configMap: `${namespace}/${configMapName}` })
  let failures = 0
  let failure = ''
  while (!signal.aborted) {
    try {
      const done = await publish(options)
      if (done !== 'same' || failures > 0) log.info('CA bundle published', { done })
      failures = 0
      failure = ''
    } catch (error) {
      failures++
      if (messageOf(error) !== failure) log.error('CA bundle is not published', { reason: messageOf(error) })
      failure = messageOf(error)
    }
    const delayMs = failures === 0 ? everyMs : backoffMs(waits, failures)
    await clock.sleep(delayMs, signal)
  }
}

async function publish({ api, namespace, certificates }: PublishOptions): Promise<'same' | 'created' | 'updated'> {
  const bundle = bundleOf(certificates())
  const all = `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`
  const one = `${all}/${configMapName}`
  const data = { [configMapKey]: bundle }
  const found = await api.ask({ method: 'GET', path: one })
  if (found.status === 404) {
    const metadata = { name: configMapName, namespace, labels: { 'app.kubernetes.io/part-of': 'gabion' } }
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }
    expectStatus('create', await api.ask({ method: 'POST', path: all, body }), 201)
    return 'created'
  }
  expectStatus('get', found, 200)
  const { data: held } = ConfigMapSchema.safeParse(found.body)
  if (held?.data?.[configMapKey] === bundle) return 'same'
  expectStatus('patch', await api.ask({ method: 'PATCH', path: one, body: { data } }), 200)
  return 'updated'
}

/** The certificates alone, whatever else the text holds. */
function bundleOf(pem: string): string {
  const certificates = certificatesOf(pem)
  if (certificates.length === 0) throw new ApiServerUnavailable('there is no certificate in the CA bundle')
  return certificates.map(certificate => certificate.toString()).join('')
}

function expectStatus(verb: string, { status }: { readonly status: number }, expected: number): void {
  if (status === expected) return
  const reason = status === 403 ? 'the collector may not' : `answered ${status}`
  throw new ApiServerUnavailable(`${verb} configmaps: ${reason}`)
}
