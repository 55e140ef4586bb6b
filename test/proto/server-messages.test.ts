// What a collector can say to an agent at all: every field of it, by name. There is none that could make an agent run
// something, and none can come without being written down here.
import t from 'tap'
import { descriptor } from '../../proto/descriptor.generated.ts'

interface Field {
  readonly type: string
  readonly rule?: string
  readonly keyType?: string
}

interface Type {
  readonly fields?: Readonly<Record<string, Field>>
  readonly nested?: Readonly<Record<string, Type>>
  readonly values?: Readonly<Record<string, number>>
}

interface Service {
  readonly methods: Readonly<
    Record<string, { readonly requestType: string; readonly responseType: string; readonly responseStream?: boolean }>
  >
}

const root = descriptor as {
  nested: { gabion: { nested: { v1: { nested: Record<string, Type & Partial<Service>> } } } }
}
const types = root.nested.gabion.nested.v1.nested
const scalars = ['string', 'bytes', 'bool', 'uint32', 'uint64', 'int64']

/** Each field that can be reached from a message, as `path: type`, with values of enums. */
function fieldsOf(name: string, path: string, scope: Type = {}): readonly string[] {
  const type = scope.nested?.[name] ?? types[name]
  if (!type) throw new Error(`no message ${name}`)
  if (type.values) return [`${path}: ${Object.keys(type.values).join(' ')}`]
  return Object.entries(type.fields ?? {}).flatMap(([key, field]) => {
    const here = `${path}.${key}${field.rule === 'repeated' ? '[]' : ''}`
    if (field.keyType) return [`${here}: ${field.keyType} → ${field.type}`]
    return scalars.includes(field.type) ? [`${here}: ${field.type}`] : fieldsOf(field.type, here, type)
  })
}

/** Numbers, digests and names of facets: what to send, when to come back, what to read again and how often. */
const stream = [
  'welcome.hostId: string',
  'welcome.collectorVersion: string',
  'welcome.appliedSequence: uint64',
  'welcome.clockMs: int64',
  'welcome.heartbeatSeconds: uint32',
  'welcome.facets[].facet: string',
  'welcome.facets[].digest: string',
  'welcome.settings.heartbeatSeconds: uint32',
  'welcome.settings.probeSeconds: string → uint32',
  'welcome.settings.defaultProbeSeconds: uint32',
  'decision.sequence: uint64',
  'decision.kind: KIND_UNSPECIFIED KIND_KNOWN KIND_WANT_DELTA KIND_WANT_FULL KIND_RETRY_LATER',
  'decision.retryAfterMs: uint32',
  'ack.sequence: uint64',
  'heartbeatReply.inStep: bool',
  'rescan.requestId: string',
  'rescan.facets[]: string',
  'refusal.code: string',
  'refusal.detail: string',
  'refusal.retryAfterMs: uint32',
  'settings.heartbeatSeconds: uint32',
  'settings.probeSeconds: string → uint32',
  'settings.defaultProbeSeconds: uint32',
]

/** Whether the host is enrolled, and what it proves itself by. */
const enrollment = [
  'state: STATE_UNSPECIFIED STATE_ISSUED STATE_PENDING',
  'hostId: string',
  'certificateChain[]: bytes',
  'authorities[]: bytes',
  'endpoint: string',
  'retryAfterMs: uint32',
]

const allowed: Readonly<Record<string, readonly string[]>> = { ConnectResponse: stream, EnrollResponse: enrollment }

t.test('a collector can ask for a rescan, wish intervals and tell an enrollment, and nothing else', async t => {
  for (const [name, fields] of Object.entries(allowed)) {
    t.same(
      fieldsOf(name, name),
      fields.map(field => `${name}.${field}`),
    )
  }
})

t.test('there is no other answer and no other call: agents call, collectors never do', async t => {
  const services = Object.entries(types).flatMap(([name, { methods }]) => (methods ? [{ name, methods }] : []))
  const calls = services.flatMap(({ name, methods }) =>
    Object.entries(methods).map(([method, { responseType }]) => `${name}.${method} → ${responseType}`),
  )
  t.same(calls, [
    'EnrollmentService.Enroll → EnrollResponse',
    'EnrollmentService.Renew → EnrollResponse',
    'UplinkService.Connect → ConnectResponse',
  ])
  t.same([...new Set(calls.map(call => call.split(' → ')[1]))].sort(), Object.keys(allowed).sort())
})

t.test('numbers and names of fields that went are never used again', async t => {
  const reserved = (name: string) => (types[name] as { readonly reserved?: unknown } | undefined)?.reserved
  t.same(reserved('RenewRequest'), [[2, 2], [3, 3], [4, 4], 'machine_id', 'boot_id', 'agent_version'])
  t.same(reserved('Health'), [[7, 7], 'degraded'])
})
