// What documents say beside our own commands: other tools know theirs, scripts, files and metrics that they name are there.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documentationPages } from './documented-commands.ts'
import { helm, kubectl } from './kubectl.ts'

const root = join(import.meta.dirname, '..')
/** Pages of checks are made from the catalog, whose commands are the host's. */
const pages = documentationPages().filter(
  page => !page.startsWith('docs/checks/') && !page.startsWith('docs/reference/'),
)
const beside = [
  'deploy/helm/gabion/templates/NOTES.txt',
  'deploy/kubernetes/overlays/multi-cluster/member/kustomization.yaml',
]
const textOf = (page: string) => readFileSync(join(root, page), 'utf8')
const fenced = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, body = '']) => body)

interface Invocation {
  readonly page: string
  readonly words: readonly string[]
}

/** What stands behind a tool's name, up to what ends a command; words of another command behind `--` are that one's. */
function invocations(tool: string): readonly Invocation[] {
  const command = new RegExp(`(?:^|[\`(]|\\$\\(|&& |; |\\| )\\s*${tool} ((?!\`)[^|>)&;\`#\\n]*)`, 'gm')
  return [...pages, ...beside].flatMap(page => {
    const text = textOf(page)
      .replace(/\\\n\s*/g, ' ')
      .replace(/\{\{[^}]*\}\}/g, 'VALUE')
      .replace(/^#\s+/gm, page.endsWith('.yaml') ? '' : '$&')
    return [...text.matchAll(command)].map(([, words = '']) => ({
      page,
      words: (words.split(/ -- /)[0] ?? '')
        .replace(/[.,:…]+$/, '')
        .trim()
        .split(/\s+/),
    }))
  })
}

t.test('every shell block is one', async t => {
  const blocks = pages.flatMap(page => fenced(textOf(page), 'sh').map(block => [page, block] as const))
  t.ok(blocks.length >= 8, `${blocks.length} blocks`)
  for (const [page, block] of blocks) t.doesNotThrow(() => execFileSync('bash', ['-n'], { input: block }), page)
})

/** Commands that have commands below them. */
const groups = /^(?:create|rollout|config|apply|set)$/

t.test('kubectl knows each of its commands with all their flags, on every page', async t => {
  const found = invocations('kubectl')
  t.ok(found.length >= 30, `${found.length} commands`)
  for (const page of ['docs/kubernetes.md', 'docs/high-availability.md', 'docs/operating.md', 'README.md', ...beside])
    t.ok(
      found.some(one => one.page === page),
      page,
    )
  const help = new Map<string, string>()
  for (const { page, words } of found) {
    const rest = words
      .join(' ')
      .replace(/^(?:-n|--namespace) \S+ /, '')
      .split(' ')
    const [verb = '', second = ''] = rest
    const length = verb === 'create' && second === 'secret' ? 3 : groups.test(verb) && /^[a-z]/.test(second) ? 2 : 1
    const path = rest.slice(0, length)
    const key = path.join(' ')
    const text = help.get(key) ?? `${kubectl(...path, '--help')}\n${kubectl('options')}`
    help.set(key, text)
    t.match(text, `kubectl ${key}`, `${page}: ${words.join(' ')}`)
    for (const [flag] of rest.join(' ').matchAll(/(?<= )--[a-z][\w-]*/g))
      t.match(text, new RegExp(`${flag}\\b`), `${page}: ${flag} of ${key}`)
  }
})

t.test('so does helm', async t => {
  const found = invocations('helm')
  t.ok(found.length >= 2)
  for (const { page, words } of found) {
    const text = helm(words[0] ?? '', '--help')
    for (const flag of words.filter(word => word.startsWith('--')))
      t.match(text, new RegExp(`${flag.split('=')[0]}\\b`), `${page}: ${flag} of helm ${words[0]}`)
  }
})

t.test('scripts of npm that a page names are there', async t => {
  const { scripts } = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> }
  const named = pages.flatMap(page =>
    [...textOf(page).matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => [page, name] as const),
  )
  t.ok(named.length >= 10)
  for (const [page, name] of named) t.ok(name in scripts, `${page}: npm run ${name}`)
})

t.test('files of this repository that a page names are there', async t => {
  const path =
    /(?<![\w/.-])(?:deploy|test|bench|scripts|agent|collector|policy|proto|report|runtime|docs)\/[\w./-]*\w\.\w+/g
  const named = pages.flatMap(page => [...textOf(page).matchAll(path)].map(([name]) => [page, name] as const))
  t.ok(named.length >= 60, `${named.length} files`)
  for (const [page, name] of named) {
    // CONTRIBUTING tells of files to make, and has a test of its own that makes them.
    if (page !== 'CONTRIBUTING.md') t.ok(existsSync(join(root, name)), `${page}: ${name}`)
  }
})

t.test('metrics that a page names are told by the collector, or written by the agent', async t => {
  const source = textOf('collector/metrics.ts') + textOf('report/prometheus.ts')
  const named = pages.flatMap(page =>
    [...textOf(page).matchAll(/`(gabion_[a-z]\w+?)(?:\{[^`]*\})?`/g)].map(([, name = '']) => [page, name] as const),
  )
  t.ok(named.length >= 5)
  for (const [page, name] of named) {
    const bare = name.replace(/^gabion_/, '')
    t.match(source, new RegExp(`\\b(?:gabion_)?${bare}\\b`), `${page}: ${name}`)
  }
})
