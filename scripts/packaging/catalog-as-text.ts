// For bundles: the catalog of checks as a packed text that is parsed when it is asked for, at a third of the cost of code.
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'esbuild'

/** Unpacked it would stay twice in a process that judges: in the source of the program, and as a text in it. */
export const catalogAsText: Plugin = {
  name: 'catalog-as-text',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]policy[\\/]catalog\.generated\.ts$/ }, async ({ path }) => {
      const { catalog } = (await import(path)) as { readonly catalog: unknown }
      const packed = gzipSync(JSON.stringify(catalog), { level: 9 }).toString('base64')
      return {
        contents: `import { gunzipSync } from 'node:zlib'
export const catalog = JSON.parse(gunzipSync(Buffer.from('${packed}', 'base64')).toString())`,
      }
    }),
}
