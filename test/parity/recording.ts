// What a machine said of itself: facets, and outputs of tools of the same moment to hold them against.
import type { FacetState, JsonObject } from '../../proto/facet.ts'

export interface Recording {
  facts<T>(facet: string): T
  observations<T>(facet: string): T
  /** @throws Error when that output was not recorded */
  output(command: string): string
  has(command: string): boolean
}

/** Both sides in one form, so that they are equal when the facet is right. */
export interface Comparison {
  readonly title: string
  readonly found: unknown
  readonly printed: unknown
}

/** @param read gives the text of a recorded output, undefined when there is none */
export function recordingOf(states: readonly FacetState[], read: (command: string) => string | undefined): Recording {
  const part = (facet: string, which: 'facts' | 'observations'): JsonObject => {
    const state = states.find(one => one.facet === facet)
    if (state?.state !== 'present') throw new Error(`facet ${facet} is ${state?.state ?? 'not there'}`)
    return state[which]
  }
  return {
    facts: <T>(facet: string) => part(facet, 'facts') as unknown as T,
    observations: <T>(facet: string) => part(facet, 'observations') as unknown as T,
    output: command => {
      const text = read(command)
      if (text === undefined) throw new Error(`no output of ${command} was recorded`)
      return text
    },
    has: command => read(command) !== undefined,
  }
}

export const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line.trim() !== '')

/** Words of each line. */
export const rowsOf = (text: string): readonly (readonly string[])[] =>
  linesOf(text).map(line => line.trim().split(/\s+/))

export const sorted = (items: Iterable<string>): readonly string[] => [...items].sort()
