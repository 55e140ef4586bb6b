// Asks the ports of running kubelets: anonymously, for what they accept of TLS, and with a token for what they run with.
import type { KubeletEndpoint, KubeletTls } from '../../proto/facets/kubelet.ts'
import type { Host } from '../host/host.ts'
import type { ProbeContext } from '../probe.ts'
import type { KubeletCertificates } from './certificates.ts'
import type { DescribedKubelet } from './describe-kubelet.ts'
import { type Answers, askEndpoints, wantedPorts } from './endpoints.ts'
import { type Listeners, readListeners, readSocketInodes } from './listeners.ts'
import { remembered } from './remembered.ts'
import { notAsked, type RunningSettings, readRunningSettings } from './running-settings.ts'
import { readTlsOffers, type TlsOffers } from './tls-offers.ts'

export interface NamedKubelet {
  readonly id: string
  readonly kubelet: DescribedKubelet
  readonly certificates: KubeletCertificates
}

export interface PortAnswers {
  readonly endpoints: readonly KubeletEndpoint[]
  readonly tls: readonly KubeletTls[]
  /** by id of the kubelet */
  readonly running: ReadonlyMap<string, RunningSettings>
}

/** Ports are asked again after that long even when nothing changed. */
const askAgainMs = 3_600_000
/** What a port accepts of TLS takes a dozen connections, most of them a line in its log, and changes with its process. */
const askTlsAgainMs = 24 * 3_600_000

/** Undefined when ports are not to be asked. Answers are used again while neither kubelets nor sockets change. */
export async function askPorts(
  host: Host,
  context: ProbeContext,
  named: readonly NamedKubelet[],
): Promise<PortAnswers | undefined> {
  const reason = host.live ? (context.probePorts ? '' : 'probing of ports is switched off') : 'offline root'
  if (reason !== '') {
    for (const field of ['endpoints', 'tls']) {
      const source = 'anonymous request'
      context.gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail: reason })
    }
    return undefined
  }
  const running = named.filter(({ kubelet: { found } }) => found.process !== undefined)
  if (running.length === 0) return { endpoints: [], tls: [], running: new Map() }
  const listeners = await readListeners(host)
  for (const failure of listeners.failures) context.gaps.note('endpoints.scope', 'incomplete', failure)
  const fingerprint = fingerprintOf(running, listeners)
  const nowMs = context.now.getTime()
  const { memory } = context
  const often = { fingerprint, nowMs, maxAgeMs: askAgainMs }
  const all = await remembered(memory, 'endpoints', often, () => askAll(host, running, listeners))
  for (const { failures } of all.values())
    for (const failure of failures) context.gaps.note('endpoints', 'incomplete', failure)
  const seldom = { fingerprint, nowMs, maxAgeMs: askTlsAgainMs }
  const tls = await remembered(memory, 'tls', seldom, () => askTls(host, running, all))
  const settings = await remembered(memory, 'configz', often, () => askConfigz(host, running, all))
  for (const gap of [...tls, ...settings.values()].flatMap(({ gaps }) => gaps)) context.gaps.add(gap)
  return {
    endpoints: [...all.values()].flatMap(({ rows }) => rows),
    tls: tls.flatMap(({ rows }) => rows),
    running: settings,
  }
}

/** Changes with the kubelets, their certificates and the sockets that listen on their ports. */
function fingerprintOf(running: readonly NamedKubelet[], listeners: Listeners): string {
  const ports = new Set(running.flatMap(one => wantedPorts(one.kubelet.row.settings).map(([, , port]) => port)))
  return JSON.stringify([
    running.map(({ id, kubelet, certificates }) => [id, kubelet.fingerprint, ...certificates.serving]),
    listeners.rows?.filter(row => ports.has(row.port)).map(row => [row.address, row.port, row.inode]),
  ])
}

type AllAnswers = ReadonlyMap<string, Answers>

async function askAll(host: Host, running: readonly NamedKubelet[], listeners: Listeners): Promise<AllAnswers> {
  const all = new Map<string, Answers>()
  for (const { id, kubelet: one } of running) {
    if (one.found.ownNetwork) {
      const detail = 'runs in a network namespace of its own'
      all.set(id, { rows: [], failures: [{ state: 'unavailable', path: id, detail }], certificate: undefined })
      continue
    }
    const inodes = await readSocketInodes(host, one.found.process?.pid ?? 0)
    all.set(id, await askEndpoints(host, { id, settings: one.row.settings, inodes, listeners: listeners.rows }))
  }
  return all
}

/** The HTTPS port, where it answered. */
function openEndpoint(all: AllAnswers, id: string): KubeletEndpoint | undefined {
  return all.get(id)?.rows.find(({ endpoint, state }) => endpoint === 'https' && state === 'open')
}

async function askTls(host: Host, running: readonly NamedKubelet[], all: AllAnswers): Promise<readonly TlsOffers[]> {
  const offers: TlsOffers[] = []
  for (const { id, certificates } of running) {
    const endpoint = openEndpoint(all, id)
    if (endpoint) offers.push(await readTlsOffers(host, endpoint, all.get(id)?.certificate, certificates))
  }
  return offers
}

async function askConfigz(
  host: Host,
  running: readonly NamedKubelet[],
  all: AllAnswers,
): Promise<ReadonlyMap<string, RunningSettings>> {
  const settings = new Map<string, RunningSettings>()
  for (const { id, kubelet, certificates } of running) {
    const endpoint = openEndpoint(all, id)
    const { found, row, certDir } = kubelet
    const configured = { id, version: row.version, cwd: found.cwd, settings: row.settings, certDir }
    settings.set(id, endpoint ? await readRunningSettings(host, endpoint, certificates, configured) : notAsked)
  }
  return settings
}
