// Facet states by digest, parsed and kept: a digest never changes its meaning, and hosts of one fleet share many.
import type { FacetState } from '../../proto/facet.ts'
import type { StoredBody } from '../store/records.ts'
import { toFacetState } from '../store/stored-body.ts'
import { createBoundedCache } from './bounded-cache.ts'

export interface StateCache {
  /** whether it is kept now */
  has(digest: string): boolean
  /** @param load called when the digest is not kept; undefined when nobody knows it */
  get(digest: string, load: () => Promise<StoredBody | undefined>): Promise<FacetState | undefined>
}

/** @param maxCharacters canonical JSON that is kept; the least recently used go first */
export function createStateCache(maxCharacters: number): StateCache {
  const kept = createBoundedCache<FacetState>(maxCharacters)
  return {
    has: digest => kept.get(digest) !== undefined,
    async get(digest, load) {
      const known = kept.get(digest)
      if (known) return known
      const stored = await load()
      if (!stored) return undefined
      const state = toFacetState(digest, stored, undefined)
      kept.set(digest, state, stored.body.length)
      return state
    },
  }
}
