// For bundles of the agent: facets without the descriptions of their fields, which only documents and the API tell.
import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/** A description is a copy of its schema to zod: without them an agent that stays is two megabytes smaller. */
export const undescribedFacets: Plugin = {
  name: 'undescribed-facets',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]proto[\\/](?:facets[\\/])?[a-z-]+\.ts$/ }, ({ path }) => ({
      contents: withoutDescriptions(readFileSync(path, 'utf8')),
      loader: 'ts',
    })),
}

const description =
  /\s*\.describe\(\s*(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|[A-Za-z]+)\s*,?\s*\)/g

/** Calls of `describe` with one text or name go; a schema is what it was but for its description. */
export const withoutDescriptions = (source: string): string => source.replace(description, '')
