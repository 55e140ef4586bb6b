// Thousands of requests made from the OpenAPI document, half of them wrong: no answer is a failure of the collector, and
// each is one that the document tells of.
import fc from 'fast-check'
import type { Test } from 'tap'
import { createApp } from '../../../collector/api/app.ts'
import { openApiDocument } from '../../../collector/api/openapi.ts'
import { routes } from '../../../collector/api/routes.generated.ts'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { recordingLog } from '../../recording-log.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'
import { apiOptionsOf } from './api-options-of.ts'
import { inject } from './inject.ts'
import { answerChecker, type OpenApi, type Operation, type Parameter } from './openapi-schemas.ts'

const document = JSON.parse(JSON.stringify(openApiDocument(routes))) as OpenApi
const wrong = answerChecker(document)
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
)

/** Hosts stand in requests by their place, since each store has ids of its own. */
const hosts = 40
const places = Array.from({ length: hosts }, (_, index) => `HOST${index}`)

const hostile = fc.constantFrom(
  ...[
    '',
    ' ',
    "'",
    '"',
    "' or 1=1 --",
    "'); drop table host; --",
    '%',
    '_',
    '\\',
    '../../etc/passwd',
    '..%2f',
    '%00',
    '\u0000',
  ],
  ...['<script>alert(1)</script>', '=1+1', '\u001b[31m', '{"a":', '[]', 'null', '__proto__', 'constructor', 'toString'],
  ...['-1', '0', '1e309', 'NaN', '9007199254740993', '\ud800', '\u202e', 'a'.repeat(5_000), '2026-13-45T99:99:99Z'],
  ...['a=b', '=', 'a=', 'role=db', 'é', '日本', '٣', Buffer.from('["drift",1]').toString('base64url')],
)
const text = fc.oneof(hostile, fc.string({ maxLength: 40 }), fc.string({ unit: 'binary', maxLength: 20 }))
const known = fc.constantFrom(...places, 'small', 'values-small', 'all', 'csv', 'sarif', 'fail', 'high', 'connected')

type Json = Readonly<Record<string, unknown>>

/** Mostly what a schema takes, as a value of JSON. */
function jsonOf(schema: Json): fc.Arbitrary<unknown> {
  const {
    type,
    minimum = -1_000,
    maximum = 1_000_000,
    maxLength = 60,
  } = schema as {
    readonly [name: string]: number
  } & { readonly type?: unknown }
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  if (type === 'integer') return fc.integer({ min: minimum, max: Math.max(minimum, maximum) })
  if (type === 'boolean') return fc.boolean()
  if (type === 'array') return fc.array(jsonOf(schema['items'] as Json), { maxLength: 4 })
  if (type === 'object') return objectOf(schema)
  if (schema['format'] === 'date-time') return fc.date({ noInvalidDate: true }).map(date => date.toISOString())
  return fc.oneof(known, fc.string({ maxLength: Math.min(maxLength, 60) }))
}

function objectOf(schema: Json): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Json>>)
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), { maxKeys: 3 })
  const fields = Object.fromEntries(properties.map(([name, property]) => [name, jsonOf(property)]))
  return fc.record(fields, { requiredKeys: [] })
}

/** @param isGood whether nothing odd is wanted */
const often = <T>(isGood: boolean, usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  isGood ? usual : fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: odd, weight: 1 })
const shown = (isGood: boolean, schema: Json) => often(isGood, jsonOf(schema).map(String), text)

function queryOf(isGood: boolean, parameters: readonly Parameter[]): fc.Arbitrary<string> {
  const each = parameters
    .filter(parameter => parameter.in === 'query' && !(isGood && parameter.name === 'cursor'))
    .map(({ name, schema }) =>
      fc.option(
        shown(isGood, schema).map(value => [name, value] as const),
        { freq: 3, nil: undefined },
      ),
    )
  const odd = isGood ? fc.constant(undefined) : fc.option(fc.tuple(text, text), { freq: 3, nil: undefined })
  return fc.tuple(fc.tuple(...each), odd).map(([usual, extra]) => {
    const pairs = [...usual, extra].filter(pair => pair !== undefined)
    const query = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
    return query === '' ? '' : `?${query}`
  })
}

/** Lone surrogates have no encoding. */
const encode = (value: string) => encodeURIComponent(value.toWellFormed())

/** Of what is there, where the path says of what. */
function idOf(path: string): fc.Arbitrary<string> {
  if (path.includes('/hosts/') && !path.includes('{facet}')) return fc.constantFrom(...places)
  if (path.includes('/checks/')) return fc.constantFrom('values-small', 'note-empty')
  if (path.includes('/profiles/')) return fc.constant('all')
  if (path.includes('/reports/')) return fc.constantFrom('csv', 'ocsf', 'sarif', 'junit', 'json', 'markdown', 'html')
  return known
}

function pathOf(isGood: boolean, path: string): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)]
  const values = fc.tuple(
    ...names.map(() =>
      often(
        isGood,
        idOf(path),
        text.filter(value => value !== ''),
      ),
    ),
  )
  return values.map(chosen => chosen.reduce((filled, value) => filled.replace(/\{\w+\}/, () => encode(value)), path))
}

function bodyOf(
  isGood: boolean,
  { requestBody }: Operation,
): fc.Arbitrary<{ readonly type: string; readonly body?: string }> {
  const [type = 'application/json', content] = Object.entries(requestBody?.content ?? {})[0] ?? []
  const isForm = type.endsWith('urlencoded')
  const usual = content ? objectOf(content.schema) : fc.constant({})
  const form = (value: unknown) => new URLSearchParams(value as Record<string, string>).toString()
  const whole = usual.map(value => ({ type, body: isForm ? form(value) : JSON.stringify(value) }))
  const odd = fc.oneof(
    fc.jsonValue().map(value => ({ type, body: JSON.stringify(value) })),
    text.map(body => ({ type, body: body.toWellFormed() })),
    text.map(body => ({ type: 'text/plain', body: body.toWellFormed() })),
    fc.constant({ type }),
  )
  return often(isGood, whole, odd)
}

const header = (value: fc.Arbitrary<string>) => value.map(given => given.replace(/[^\x20-\x7e]/g, '?'))
const extra = fc.oneof(
  { arbitrary: fc.constant({}), weight: 6 },
  { arbitrary: fc.record({ 'last-event-id': header(text) }), weight: 1 },
  { arbitrary: fc.record({ cookie: header(text.map(value => `gabion-session=${value}`)) }), weight: 1 },
  { arbitrary: fc.record({ 'if-none-match': header(text), accept: header(text) }), weight: 1 },
)
/** Made once for each operation: making them takes longer than an answer. */
const requests = operations.map(({ path, method, operation }) =>
  [true, false].map(isGood =>
    fc.record({
      ...{ operation: fc.constant(operation), method: fc.constant(method), path: pathOf(isGood, path) },
      ...{ query: queryOf(isGood, operation.parameters ?? []), content: bodyOf(isGood, operation), extra },
    }),
  ),
)
/** Changes wait for the disk: they are asked for less often. */
const request = fc.oneof(
  ...requests.flatMap((each, index) =>
    each.map(arbitrary => ({ arbitrary, weight: operations[index]?.method === 'GET' ? 4 : 1 })),
  ),
)

export interface FuzzOptions {
  /** requests */
  readonly runs: number
  readonly seed: number
  /** URL of an empty PostgreSQL database, instead of a file */
  readonly database?: string
}

/** Says how many requests there were, and the seed that makes them again. */
export async function fuzzApi(t: Test, { runs, seed, ...where }: FuzzOptions): Promise<void> {
  const { log, lines } = recordingLog()
  const { store, ids } = await fill(t, where)
  const app = createApp(apiOptionsOf(store, { log }))
  const withIds = (text: string) => text.replaceAll(/HOST(\d+)/g, (_, place: string) => ids[Number(place)] ?? '')
  const statuses = new Map<number, number>()
  const asked = new Map<string, number>()
  const answered = fc.asyncProperty(request, async ({ operation, method, path, query, content, extra }) => {
    const { type, body = '' } = content
    const url = withIds(path + query)
    const isGet = method === 'GET'
    const headers = isGet ? extra : { ...extra, origin: 'http://localhost', 'content-type': type }
    const reply = await inject(app, { method, url, headers, ...(!isGet && { body: withIds(body) }) })
    asked.set(operation.operationId, (asked.get(operation.operationId) ?? 0) + 1)
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
    if (reply.status >= 500) throw new Error(`${method} ${url}: ${reply.status} ${JSON.stringify(lines.at(-1))}`)
    // A path that no route takes, such as one with a dot for an id, is answered by none.
    if (reply.status === 304 || reply.text.includes('"nothing is at ')) return
    const problem = wrong(operation, reply)
    if (problem !== '') throw new Error(`${method} ${url}: ${problem}`)
  })
  await fc.assert(answered, { numRuns: runs, seed, endOnFailure: runs > 1_000 })
  const sum = [...asked.values()].reduce((total, count) => total + count, 0)
  const counts = JSON.stringify(Object.fromEntries(statuses))
  t.comment(`${sum} requests to ${asked.size} operations, FAST_CHECK_SEED=${seed}: ${counts}`)
  t.ok(sum >= runs)
  const silent = operations.map(({ operation }) => operation.operationId).filter(id => !asked.has(id))
  // Few requests may leave one out by chance.
  if (runs >= 2_000) t.same(silent, [], 'every operation was asked')
  t.ok((statuses.get(200) ?? 0) > runs / 10, 'many were good')
  t.ok((statuses.get(400) ?? 0) > runs / 20, 'many were bad')
  const failures = lines.filter(({ level }) => level === 'error')
  t.same(failures, [])
}

/** A store with hosts enough for some to be left when many were deleted. */
async function fill(t: Test, where: Pick<FuzzOptions, 'database'>) {
  const domain = await openDomain(t, where)
  const made: string[] = []
  for (let index = 0; index < hosts; index++) {
    const opened = await domain.open(`host-${index}`)
    made.push(opened.id)
    for (const sequence of [1, 2]) {
      const change = changeOf(sequence, smallState({ a: index * sequence }))
      await domain.commits.submit(opened.host, unit => applyChange(unit, change, domain.apply))
    }
  }
  return { store: domain.store, ids: made }
}
