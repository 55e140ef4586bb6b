// Facet states by digest, parsed and kept: a digest never changes its meaning, and hosts of one fleet share many.
import type { FacetState } from '../../proto/facet.ts'
import type { StoredBody } from '../store/records.ts'
import { toFacetState } from '../store/stored-body.ts'

export interface StateCache {
  /** @param load called when the digest is not kept; undefined when nobody knows it */
  get(digest: string, load: () => Promise<StoredBody | undefined>): Promise<FacetState | undefined>
}

/** @param maxCharacters canonical JSON that is kept; the least recently used go first */
export function createStateCache(maxCharacters: number): StateCache {
  const kept = new Map<string, { readonly state: FacetState; readonly size: number }>()
  let size = 0
  return {
    async get(digest, load) {
      const known = kept.get(digest)
      if (known) {
        kept.delete(digest)
        kept.set(digest, known)
        return known.state
      }
      const stored = await load()
      if (!stored) return undefined
      const entry = { state: toFacetState(digest, stored, undefined), size: stored.body.length }
      kept.set(digest, entry)
      size += entry.size
      for (const [oldest, { size: freed }] of kept) {
        if (size <= maxCharacters || oldest === digest) break
        kept.delete(oldest)
        size -= freed
      }
      return entry.state
    },
  }
}
