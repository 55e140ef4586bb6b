// Who is told of changes: receivers as the configuration names them.
import * as z from 'zod'
import { severities } from '../../policy/check.ts'
import { parseDuration } from '../parse-duration.ts'
import { driftKinds } from '../store/records.ts'
import { type AddressRule, parseAddressRule } from './allowed-addresses.ts'

function time(fallback: string, leastMs: number, mostMs: number, expected: string) {
  return z
    .string(expected)
    .default(fallback)
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== undefined && ms >= leastMs && ms <= mostMs) return ms
      context.addIssue({ code: 'custom', message: expected })
      return z.NEVER
    })
}

const path = z.string('expected a path').startsWith('/', 'expected an absolute path')
const text = z.string().min(1).max(200)

const FilterSchema = z
  .strictObject({
    kinds: z
      .array(z.enum(driftKinds), `expected a list of ${driftKinds.join(', ')}`)
      .min(1)
      .default(['result']),
    subjects: z.array(text, 'expected a list of globs over check ids and facets').max(100).default([]),
    severities: z
      .array(z.enum(severities), `expected a list of ${severities.join(', ')}`)
      .min(1)
      .default([...severities]),
    labels: z.record(text, z.string().max(200), 'expected labels').default({}),
  })
  .prefault({})
/** Which changes a receiver is told of. `severities` asks about results only. */
export type ReceiverFilter = z.infer<typeof FilterSchema>

const addressRule = z.string('expected an address or a network').transform((given, context): AddressRule => {
  const rule = parseAddressRule(given)
  if (rule) return rule
  context.addIssue({ code: 'custom', message: 'expected an address or a network such as 10.0.0.0/8' })
  return z.NEVER
})

const groupKey = z
  .string()
  .regex(/^(?:host|subject|kind|severity|labels\..{1,200})$/u, 'expected host, subject, kind, severity or labels.KEY')

const common = {
  name: z
    .string('expected a name')
    .regex(/^[0-9a-z](?:[0-9a-z-]{0,61}[0-9a-z])?$/, 'expected lower-case letters, digits and dashes'),
  filter: FilterSchema,
  sendResolved: z.boolean('expected true or false').default(true),
  groupBy: z.array(groupKey, 'expected a list').max(8).default([]),
  groupWait: time('30s', 0, 3_600_000, 'expected a time from 0s to 1h, such as 30s'),
  groupInterval: time('5m', 1_000, 86_400_000, 'expected a time from 1s to 1d, such as 5m'),
  maxQueue: z.int('expected a number').min(1).max(10_000).default(500),
  maxAge: time('1d', 60_000, 7 * 86_400_000, 'expected a time from 1m to 7d, such as 1d'),
}

const overNetwork = {
  allowAddresses: z.array(addressRule, 'expected a list of addresses').max(64).default([]),
  timeout: time('10s', 1_000, 15_000, 'expected a time from 1s to 15s'),
}

/** A URL whose secrets, if it has any, belong into a file. */
const url = z
  .string('expected a URL')
  .refine(isPlainUrl, 'expected https://HOST/PATH without user or query; what is secret goes into a file')
const overHttp = { ...overNetwork, caFile: path.optional(), authorizationFile: path.optional() }

function isPlainUrl(given: string): boolean {
  const parsed = URL.parse(given)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return false
  return parsed.username === '' && parsed.password === '' && parsed.search === '' && parsed.hash === ''
}

const syslogAddress = z
  .string('expected an address')
  .regex(
    /^(?:udp|tcp|tls):\/\/(?:\[[0-9a-fA-F:.]+\]|[0-9A-Za-z.-]{1,253}):\d{1,5}$/,
    'expected udp, tcp or tls://HOST:PORT',
  )

export const syslogFacilities = [
  ...['kern', 'user', 'mail', 'daemon', 'auth', 'syslog', 'lpr', 'news', 'uucp', 'cron', 'authpriv', 'ftp'],
  ...['ntp', 'audit', 'alert', 'clock', 'local0', 'local1', 'local2', 'local3', 'local4', 'local5', 'local6', 'local7'],
] as const

const ReceiverSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...{ kind: z.literal('webhook'), ...common, ...overHttp, url: url.optional(), urlFile: path.optional() },
      secretFile: path,
    }),
    z.strictObject({ kind: z.literal('slack'), ...common, ...overNetwork, caFile: path.optional(), urlFile: path }),
    z.strictObject({
      ...{ kind: z.literal('alertmanager'), ...common, ...overHttp, url },
      repeatEvery: time('2m', 10_000, 3_600_000, 'expected a time from 10s to 1h, such as 2m'),
      sourceUrl: url.optional(),
    }),
    z.strictObject({
      ...{ kind: z.literal('syslog'), ...common, ...overNetwork, caFile: path.optional(), address: syslogAddress },
      facility: z.enum(syslogFacilities).default('daemon'),
    }),
    z.strictObject({
      ...{ kind: z.literal('json-lines'), ...common },
      path: z.string('expected a path').regex(/^(?:-|\/.*)$/s, 'expected an absolute path, or - for standard output'),
    }),
  ],
  'expected kind: webhook, slack, alertmanager, syslog or json-lines',
)
export type ReceiverConfig = z.infer<typeof ReceiverSchema>
export type ReceiverKind = ReceiverConfig['kind']
export type ReceiverOf<K extends ReceiverKind> = Extract<ReceiverConfig, { readonly kind: K }>

export const receiverKinds = [
  'webhook',
  'slack',
  'alertmanager',
  'syslog',
  'json-lines',
] as const satisfies readonly ReceiverKind[]

const maxReceivers = 16

export const NotifySchema = z
  .array(ReceiverSchema, 'expected a list of receivers')
  .max(maxReceivers)
  .refine(list => new Set(list.map(({ name }) => name)).size === list.length, 'two receivers have the same name')
  .refine(
    list => list.every(one => one.kind !== 'webhook' || (one.url === undefined) !== (one.urlFile === undefined)),
    'a webhook has either url or urlFile',
  )
  .default([])
