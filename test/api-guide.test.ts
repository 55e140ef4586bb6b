// The commands of docs/api.md that are marked as run, against a collector with one host.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findTool } from './tools.ts'
import { createSystem, type HostItem } from './whole/system.ts'

const root = join(import.meta.dirname, '..')
const guide = readFileSync(join(root, 'docs/api.md'), 'utf8')
const blocks = [...guide.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text)
const skip = findTool('curl') ? false : 'needs curl'

t.setTimeout(200_000)

t.test('each answers', { skip }, async t => {
  t.ok(blocks.length >= 5)
  const system = await createSystem(t, ['--root', join(root, 'test/fixtures/hosts/debian12-minimal/root')])
  system.collector.start()
  system.agent.start()
  const facets = async () => {
    const { items } = await system.get<{ readonly items: readonly HostItem[] }>('hosts')
    return system.get<{ readonly items: readonly { readonly facet: string }[] }>(`hosts/${items[0]?.id}/facets`)
  }
  await system.until('the host is there', facets, ({ items }) => items.some(item => item.facet === 'accounts'))
  const { paths } = (await (await fetch(`${system.base}/openapi.json`)).json()) as { readonly paths: object }
  const known = Object.keys(paths).map(path => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`))
  const named = [...guide.matchAll(/127\.0\.0\.1:8080(?<path>\/[^\s?'"]*)/g)].map(
    ({ groups }) => groups?.['path'] ?? '',
  )
  for (const path of named) t.ok(path === '/openapi.json' || known.some(pattern => pattern.test(path)), path)
  for (const block of blocks) {
    const lines = block.trim().split('\n')
    const assignments = lines.filter(line => /^[A-Z]+=/.test(line))
    for (const line of lines.filter(each => !assignments.includes(each))) {
      const script = [...assignments, line].join('\n').replaceAll('http://127.0.0.1:8080', system.base)
      const { status, stdout, stderr } = spawnSync('sh', ['-ec', script], { encoding: 'utf8', timeout: 60_000 })
      t.equal(status, 0, `${line} ${stderr}`)
      t.ok(
        line.includes('/reports/')
          ? stdout !== ''
          : line.includes('-X DELETE')
            ? stdout === ''
            : areAnswers(line, stdout),
        `${line} answers: ${stdout.slice(0, 60)}`,
      )
    }
  }
  t.same(await system.agent.stop('SIGTERM'), { code: 0, signal: null })
  t.same(await system.collector.stop('SIGTERM'), { code: 0, signal: null })
})

/** What is streamed has its answer in the last line. */
function areAnswers(line: string, text: string): boolean {
  if (!line.includes('/query')) return isAnswer(text)
  const lines = text.trim().split('\n')
  return lines.every(isAnswer) && /^\{"summary":\{"hosts":1,/.test(lines.at(-1) ?? '')
}

const isAnswer = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}
