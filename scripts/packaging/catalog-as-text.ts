// For bundles: the catalog of checks as a text that is parsed when it is asked for, at a third of the cost of code.
import type { Plugin } from 'esbuild'

export const catalogAsText: Plugin = {
  name: 'catalog-as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]policy[\\/]catalog\.generated\.ts$/ }, async ({ path }) => {
      const { catalog } = (await import(path)) as { readonly catalog: unknown }
      return { contents: `export const catalog = JSON.parse(${JSON.stringify(JSON.stringify(catalog))})` }
    }),
}
