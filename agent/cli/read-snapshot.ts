// Reads what `gabion-agent facts` printed: a snapshot of one host, verified against its own digests.
import * as z from 'zod'
import { visible } from '../../policy/visible-text.ts'
import { CanonicalError, facetDigest, hostDigest } from '../../proto/canonical.ts'
import { type Facet, type FacetState, facetProperty, GapSchema } from '../../proto/facet.ts'
import { facets as allFacets } from '../../proto/facets.generated.ts'
import { canonicalBody } from '../../proto/seal.ts'
import { type GabionError, usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { jsonErrorLine } from '../parse/json-error.ts'
import { readInput } from './read-input.ts'

export interface Snapshot {
  /** the file as it was named, `standard input` for `-` */
  readonly file: string
  readonly agentVersion: string
  /** ISO 8601 time at which the facts were read */
  readonly readAt: string
  readonly root: string
  readonly live: boolean
  readonly hostDigest: string
  readonly states: readonly FacetState[]
  /** names of facets that this version has no schema for; they are among the states */
  readonly unknown: readonly string[]
}

const maxFacets = 1000

const DigestSchema = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'not a digest (sha256:…)')
const ReasonSchema = z.object({ code: z.string(), detail: z.string() })
const head = { facet: z.string(), schemaVersion: z.int().min(1), digest: DigestSchema }
const fields = z.record(z.string(), z.unknown())
const StateSchema = z.discriminatedUnion('state', [
  z.object({ ...head, state: z.literal('present'), facts: fields, observations: fields }),
  z.object({ ...head, state: z.enum(['absent', 'unreadable', 'error']), reason: ReasonSchema }),
])
const SnapshotSchema = z.object({
  agentVersion: z.string(),
  readAt: z.iso.datetime(),
  root: z.string(),
  live: z.boolean(),
  hostDigest: DigestSchema,
  facets: z.record(z.string(), z.unknown()),
})

/**
 * @param path a file, or `-` for standard input
 * @throws GabionError (usage) that names the file and the place in it
 */
export async function readSnapshot(path: string): Promise<Snapshot> {
  const { file, text } = await readInput(path)
  const document = checked(file, '', SnapshotSchema, parse(file, text))
  const entries = Object.entries(document.facets)
  if (entries.length > maxFacets) throw refusal(file, 'facets', `over the limit of ${maxFacets} facets`)
  const states = entries.map(([property, value]) => facetState(file, property, value))
  if (hostDigest(states) !== document.hostDigest) {
    throw refusal(file, 'hostDigest', 'does not fit the facets: the file was changed after it was written')
  }
  const known = new Set(allFacets.map(facet => facet.name))
  const unknown = states.map(state => state.facet).filter(name => !known.has(name))
  const { agentVersion, readAt, root, live } = document
  return { file, agentVersion, readAt, root, live, hostDigest: document.hostDigest, states, unknown }
}

function parse(file: string, text: string): unknown {
  if (text.trim() === '') throw refusal(file, '', 'is empty')
  try {
    return JSON.parse(text)
  } catch {
    throw refusal(file, `line ${jsonErrorLine(text)}`, 'is not JSON')
  }
}

function facetState(file: string, property: string, value: unknown): FacetState {
  const place = `facets.${property}`
  const state = checked(file, place, StateSchema, value) as FacetState
  if (facetProperty(state.facet) !== property) {
    throw refusal(file, `${place}.facet`, `'${state.facet}' does not belong under this name`)
  }
  const facet = allFacets.find(({ name }) => name === state.facet)
  if (facet && state.schemaVersion > facet.version) {
    const newer = `version ${state.schemaVersion} is newer than the ${facet.version} that gabion-agent ${version} knows`
    throw refusal(file, `${place}.schemaVersion`, `${newer}; use a newer agent`)
  }
  verifyDigest(file, place, state)
  if (state.state === 'present') verifyFacts(file, place, facet, state)
  return state
}

function verifyDigest(file: string, place: string, state: FacetState): void {
  const part = state.state === 'present' ? 'facts' : 'reason'
  let body: string
  try {
    body = canonicalBody(state)
  } catch (error) {
    if (!(error instanceof CanonicalError)) throw error
    throw refusal(file, `${place}.${part}${error.path === '' ? '' : `.${error.path}`}`, reasonOf(error))
  }
  if (facetDigest(state.facet, state.schemaVersion, state.state, body) === state.digest) return
  throw refusal(file, `${place}.digest`, `does not fit the ${part}: the file was changed after it was written`)
}

const reasonOf = (error: CanonicalError) => error.message.slice(error.message.indexOf(': ') + 2)

/** Facts of a version that we have the schema of keep to it; what they lack, an older agent did not send. */
function verifyFacts(
  file: string,
  place: string,
  facet: Facet | undefined,
  state: FacetState & { readonly state: 'present' },
): void {
  checked(file, `${place}.facts.gaps`, z.array(GapSchema), state.facts['gaps'])
  if (!facet || state.schemaVersion !== facet.version) return
  const parts = [
    ['facts', facet.facts, state.facts],
    ['observations', facet.observations, state.observations],
  ] as const
  for (const [part, schema, value] of parts) {
    const issue = schema.safeParse(value).error?.issues.find(({ path }) => valueAt(value, path) !== undefined)
    if (issue) throw refusal(file, dotted(`${place}.${part}`, issue.path), issue.message)
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined
    return (inner as Readonly<Record<PropertyKey, unknown>>)[step]
  }, value)
}

function checked<T extends z.ZodType>(file: string, place: string, schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const at = dotted(place, issue?.path ?? [])
  if (place === '') {
    const where = at === '' ? '' : `${at}: `
    throw refusal(file, '', `is not a snapshot of 'gabion-agent facts' (${where}${issue?.message ?? 'invalid'})`)
  }
  throw refusal(file, at, issue?.message ?? 'invalid')
}

/** `facets.ports.facts.listeners[3].port` */
function dotted(place: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? String(step) : `${text}.${String(step)}`
  }, place)
}

function refusal(file: string, place: string, reason: string): GabionError {
  return usageError(visible(`${file}: ${place === '' ? '' : `${place}: `}${reason}`))
}
