// Facets without descriptions hold facts to the same rules.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import t from 'tap'
import * as z from 'zod'
import { withoutDescriptions } from '../../../scripts/packaging/undescribed-facets.ts'

const root = join(import.meta.dirname, '../../..')

t.test('nothing but descriptions goes', async t => {
  const source = `z.int().describe('it is \\'so\\'')\n  .describe(\n    "a (b)",\n  ).min(1), describe('x'), z.string().describe(\`y\`)`
  t.equal(withoutDescriptions(source), "z.int().min(1), describe('x'), z.string()")
  t.equal(withoutDescriptions('z.int().describe(about)'), 'z.int()')
  t.equal(withoutDescriptions('z.int().describe(of(1))'), 'z.int().describe(of(1))', 'what has to be computed stays')
})

t.test('every facet is the same schema without them', async t => {
  const paths = globSync('proto/facets/*.ts', { cwd: root })
  t.ok(paths.length > 15, `${paths.length} facets`)
  const folder = t.testdir()
  let modules = 0
  let left = 0
  for (const path of paths) {
    const source = readFileSync(join(root, path), 'utf8')
    const plain = await schemasOf(withoutDescriptions(source))
    t.strictSame(withoutDescription(plain), withoutDescription(await schemasOf(source)), path)
    left += withoutDescriptions(source).split('.describe(').length - 1
  }
  t.ok(left < 20, `${left} descriptions are computed`)

  async function schemasOf(contents: string): Promise<object> {
    const stdin = { contents, loader: 'ts', resolveDir: join(root, 'proto/facets') } as const
    const { outputFiles } = await build({
      stdin,
      bundle: true,
      write: false,
      format: 'esm',
      external: ['zod'],
      platform: 'node',
      absWorkingDir: root,
    })
    modules += 1
    const path = join(folder, `${modules}.mjs`)
    const zod = import.meta.resolve('zod')
    writeFileSync(path, (outputFiles[0]?.text ?? '').replaceAll('from "zod"', `from ${JSON.stringify(zod)}`))
    const module = (await import(path)) as Record<string, unknown>
    return Object.fromEntries(
      Object.entries(module).flatMap(([name, value]) => {
        if (typeof value !== 'object' || value === null || !('facts' in value)) return []
        const { facts, observations } = value as { readonly facts: z.ZodType; readonly observations: z.ZodType }
        return [[name, [z.toJSONSchema(facts), z.toJSONSchema(observations)]]]
      }),
    )
  }
})

function withoutDescription(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescription)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key, one]) => key !== 'description' || typeof one !== 'string')
  return Object.fromEntries(entries.map(([key, one]) => [key, withoutDescription(one)]))
}
