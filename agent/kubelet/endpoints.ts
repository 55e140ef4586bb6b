// Asks a kubelet's ports anonymously and says what the answers prove. Bodies are looked at and dropped.
import type { KubeletEndpoint, KubeletSettings } from '../../proto/facets/kubelet.ts'
import type { Failure, Host, HttpAnswer } from '../host/host.ts'
import type { SocketRow } from '../parse/proc-net-tcp.ts'

export interface Asked {
  readonly id: string
  /** undefined when they cannot be told; the usual ports are asked then */
  readonly settings: KubeletSettings | undefined
  /** sockets that the process holds, undefined when that cannot be told */
  readonly inodes: ReadonlySet<number> | undefined
  /** the host's listening sockets, undefined when they cannot be told */
  readonly listeners: readonly SocketRow[] | undefined
}

export interface Answers {
  readonly rows: readonly KubeletEndpoint[]
  readonly failures: readonly Failure[]
  /** what the HTTPS port presented, in PEM */
  readonly certificate: string | undefined
}

type Endpoint = KubeletEndpoint['endpoint']
interface Target {
  readonly endpoint: Endpoint
  readonly address: string
  readonly port: number
  readonly scope: KubeletEndpoint['scope']
  /** false when the socket table shows that nothing of this kubelet listens there */
  readonly listening: boolean
  /** the listening socket is known to be this kubelet's */
  readonly proven: boolean
}

/** Asks HTTPS port, read-only port and health port, each where it is bound. What does not listen is not asked. */
export async function askEndpoints(host: Host, asked: Asked): Promise<Answers> {
  const rows: KubeletEndpoint[] = []
  const failures: Failure[] = []
  let certificate: string | undefined
  for (const target of targetsOf(asked)) {
    const common = { kubelet: asked.id, endpoint: target.endpoint, address: target.address, port: target.port }
    const answer = target.listening ? await askTarget(host, target) : closed
    certificate = answer.certificate ?? certificate
    if (answer.failure) failures.push(answer.failure)
    else rows.push({ ...common, ...answer.told, scope: target.scope })
  }
  return { rows, failures, certificate }
}

/**
 * What an answer to an anonymous GET /pods proves: 401 rejects; 403 and 500 that name `system:anonymous` authenticate
 * though nothing leaks (500: the authorizer could not be asked); 200 with a PodList serves. All else proves nothing.
 */
export function anonymousVerdict(status: number, body: string): KubeletEndpoint['anonymous'] {
  if (status === 401) return 'rejected'
  if ((status === 403 || status === 500) && body.includes('user=system:anonymous')) return 'authenticated'
  return status === 200 && isPodList(body) ? 'served' : 'unproven'
}

type Told = Pick<KubeletEndpoint, 'state' | 'anonymous' | 'status' | 'logsServed' | 'tlsVersion'>
interface TargetAnswer {
  readonly told: Told
  readonly failure?: Failure
  readonly certificate?: string | undefined
}

const nothing = { anonymous: '', status: 0, logsServed: false, tlsVersion: '' } as const
const closed: TargetAnswer = { told: { ...nothing, state: 'closed' } }

/**
 * Endpoint, configured address and port. One that is configured off is looked for at its usual number: configured is
 * not observed.
 */
export function wantedPorts(settings: KubeletSettings | undefined): readonly (readonly [Endpoint, string, number])[] {
  const address = settings?.address.value ?? '0.0.0.0'
  return [
    ['https', address, settings?.port.value || 10250],
    ['readOnly', address, settings?.readOnlyPort.value || 10255],
    ['healthz', settings?.healthzBindAddress.value ?? '127.0.0.1', settings?.healthzPort.value || 10248],
  ]
}

function targetsOf({ settings, inodes, listeners }: Asked): readonly Target[] {
  return wantedPorts(settings).map(([endpoint, configured, port]) => {
    if (listeners === undefined) return unseenTarget(endpoint, configured, port)
    const candidates = listeners.filter(row => row.port === port && (inodes === undefined || inodes.has(row.inode)))
    const socket = widest(candidates)
    if (!socket) return { ...unseenTarget(endpoint, configured, port), listening: false }
    const reached = reachable(socket.address)
    return { endpoint, address: reached, port, scope: socket.scope, listening: true, proven: inodes !== undefined }
  })
}

function unseenTarget(endpoint: Endpoint, configured: string, port: number): Target {
  return { endpoint, address: reachable(configured), port, scope: 'unknown', listening: true, proven: false }
}

const breadth = ['any', 'specific', 'link', 'loopback']

function widest(rows: readonly SocketRow[]): SocketRow | undefined {
  return rows.toSorted((a, b) => breadth.indexOf(a.scope) - breadth.indexOf(b.scope))[0]
}

/** Where a socket can be asked from the host itself. Go binds `::` for IPv4, too. */
function reachable(address: string): string {
  if (['0.0.0.0', '::', '::0', ''].includes(address)) return '127.0.0.1'
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}

async function askTarget(host: Host, target: Target): Promise<TargetAnswer> {
  if (target.endpoint === 'https') return await askHttps(host, target)
  return target.endpoint === 'readOnly' ? await askReadOnly(host, target) : await askHealthz(host, target)
}

async function askHttps(host: Host, { address, port }: Target): Promise<TargetAnswer> {
  const pods = await get(host, { address, port, tls: true, path: '/pods' })
  if (pods.state !== 'open') return notOpen(pods)
  const anonymous = anonymousVerdict(pods.status, pods.body)
  const { status, tlsVersion, certificate } = pods
  const told = { state: 'open', anonymous, status, tlsVersion, logsServed: false } as const
  if (anonymous !== 'served' && anonymous !== 'authenticated') return { told, certificate }
  const logs = await get(host, { address, port, tls: true, path: '/logs/' })
  return { told: { ...told, logsServed: logs.state === 'open' && logs.status === 200 }, certificate }
}

/** Somebody else's port must not count: unless the socket is known to be the kubelet's, it must answer like one. */
async function askReadOnly(host: Host, { address, port, proven }: Target): Promise<TargetAnswer> {
  const pods = await get(host, { address, port, tls: false, path: '/pods' })
  if (pods.state !== 'open') return notOpen(pods)
  const told: Told = { ...nothing, state: 'open', status: pods.status }
  if (proven || (pods.status === 200 && isPodList(pods.body))) return { told }
  const metrics = await get(host, { address, port, tls: false, path: '/metrics' })
  const speaksMetrics = metrics.state === 'open' && metrics.status === 200 && metrics.body.startsWith('# HELP ')
  return { told: speaksMetrics ? told : { ...told, state: 'failed' } }
}

async function askHealthz(host: Host, { address, port }: Target): Promise<TargetAnswer> {
  const answer = await get(host, { address, port, tls: false, path: '/healthz' })
  if (answer.state !== 'open') return notOpen(answer)
  return { told: { ...nothing, state: 'open', status: answer.status } }
}

type Got = HttpAnswer | { readonly state: 'unasked'; readonly failure: Failure }

async function get(host: Host, probe: Parameters<Host['probeHttp']>[0]): Promise<Got> {
  const outcome = await host.probeHttp(probe)
  return outcome.state === 'present' ? outcome.value : { state: 'unasked', failure: outcome }
}

function notOpen(answer: Exclude<Got, { readonly state: 'open' }>): TargetAnswer {
  if (answer.state === 'unasked') return { ...closed, failure: answer.failure }
  return { told: { ...nothing, state: answer.state } }
}

/** Only the beginning of a body is known. */
function isPodList(body: string): boolean {
  return body.startsWith('{') && /"kind":\s*"PodList"/.test(body.slice(0, 200))
}
