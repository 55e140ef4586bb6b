// What a process remembers of bodies that it held against each other: a body never changes its meaning.
import { createParts, type Parts } from '../../policy/parts.ts'
import type { Facet, JsonObject } from '../../proto/facet.ts'
import { createBoundedCache } from '../domain/bounded-cache.ts'
import type { StoredBody } from '../store/records.ts'
import type { StoreReader } from '../store/store.ts'

type ReadBodies = Pick<StoreReader, 'bodiesOf'>

export interface TraitMemory {
  /** Parts of facts by the numbers of bodies; undefined for a body that is absent, could not be read or is gone. */
  partsOf(
    facet: Facet,
    bodies: readonly number[],
    read: ReadBodies,
    onProgress: () => Promise<void>,
  ): Promise<{ readonly parts: Parts; readonly of: ReadonlyMap<number, Int32Array | undefined> }>
  facts(body: number, read: ReadBodies): Promise<JsonObject | undefined>
  /** @param make asked when the text is not remembered */
  text(name: string, make: () => Promise<string | undefined>): Promise<string | undefined>
  /** forgets what has grown too large, between two questions */
  rest(): void
}

export interface TraitLimits {
  /** different rows and values of one facet: hosts of one fleet share most of them */
  readonly parts: number
  /** of one facet, in all its bodies */
  readonly places: number
}

/** Some 100 MB at the worst, of a facet. */
const defaultLimits: TraitLimits = { parts: 100_000, places: 10_000_000 }
const bodiesAtOnce = 100
const factCharacters = 8 * 1024 * 1024
const textCharacters = 4 * 1024 * 1024

interface Known {
  readonly parts: Parts
  readonly of: Map<number, Int32Array | undefined>
  places: number
}

export function createTraitMemory(limits: TraitLimits = defaultLimits): TraitMemory {
  const facets = new Map<string, Known>()
  const facts = createBoundedCache<JsonObject>(factCharacters)
  const texts = createBoundedCache<{ readonly text: string | undefined }>(textCharacters)
  return {
    async partsOf(facet, bodies, read, onProgress) {
      const known = facets.get(facet.name) ?? { parts: createParts(facet), of: new Map(), places: 0 }
      facets.set(facet.name, known)
      const missing = bodies.filter(body => !known.of.has(body))
      for (let start = 0; start < missing.length; start += bodiesAtOnce) {
        await learn(known, missing.slice(start, start + bodiesAtOnce), read)
        await onProgress()
      }
      return known
    },
    async facts(body, read) {
      const before = facts.get(String(body))
      if (before) return before
      const stored = (await read.bodiesOf([body])).get(body)
      const found = stored && factsOf(stored)
      if (stored && found) facts.set(String(body), found, stored.body.length)
      return found
    },
    async text(name, make) {
      const before = texts.get(name)
      if (before) return before.text
      const text = await make()
      texts.set(name, { text }, name.length + (text?.length ?? 0))
      return text
    },
    rest() {
      for (const [name, { parts, places }] of facets) {
        if (parts.sizes().parts > limits.parts || places > limits.places) facets.delete(name)
      }
    },
  }
}

async function learn(known: Known, bodies: readonly number[], read: ReadBodies): Promise<void> {
  const found = await read.bodiesOf(bodies)
  for (const body of bodies) {
    const stored = found.get(body)
    const facts = stored && factsOf(stored)
    const parts = facts && tryParts(known.parts, facts)
    known.of.set(body, parts)
    known.places += parts?.length ?? 0
  }
}

/** Facts come from the wire: of a form that nobody expects, nothing is known of them. */
function tryParts(parts: Parts, facts: JsonObject): Int32Array | undefined {
  try {
    return parts.of(facts)
  } catch {
    return undefined
  }
}

function factsOf({ state, body }: StoredBody): JsonObject | undefined {
  return state === 'present' ? (JSON.parse(body) as JsonObject) : undefined
}
