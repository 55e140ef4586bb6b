// Bodies that came and are not on disk yet: bounded over all streams, and at hand as the base of the next delta.

export interface UnsavedBodies {
  /** resolves when so little is held that more may be read */
  room(): Promise<void>
  hold(digest: string, body: string): void
  release(digest: string): void
  /** a body that some stream sent a moment ago */
  get(digest: string): string | undefined
  readonly characters: number
}

/** @param maxCharacters beyond which nothing more is read from any stream until some are on disk */
export function createUnsavedBodies(maxCharacters: number): UnsavedBodies {
  const held = new Map<string, { readonly body: string; readonly holders: number }>()
  let characters = 0
  let waiting: (() => void)[] = []
  return {
    room: () => (characters < maxCharacters ? Promise.resolve() : new Promise(resolve => waiting.push(resolve))),
    hold(digest, body) {
      const holders = held.get(digest)?.holders ?? 0
      held.set(digest, { body, holders: holders + 1 })
      if (holders === 0) characters += body.length
    },
    release(digest) {
      const known = held.get(digest)
      if (!known) return
      if (known.holders > 1) {
        held.set(digest, { ...known, holders: known.holders - 1 })
        return
      }
      held.delete(digest)
      characters -= known.body.length
      if (characters >= maxCharacters) return
      const ready = waiting
      waiting = []
      for (const resolve of ready) resolve()
    },
    get: digest => held.get(digest)?.body,
    get characters() {
      return characters
    },
  }
}
