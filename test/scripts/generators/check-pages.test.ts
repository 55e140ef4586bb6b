import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { checkPages } from '../../../scripts/generators/check-pages.ts'

const root = join(import.meta.dirname, '../../..')
const check = `- id: hostname-set
  title: The host has a name
  severity: low
  applies: host.init != "unknown"
  pass: host.hostname in params.names
  evidence: '["its name is | " + host.hostname]'
  rationale: Because < of it.
  remediation: Name {{ host.hostname }} anew with \`hostnamectl hostname {{ params.names[0] }}\`.
  references:
    - { source: cis-kubernetes, version: '1.11', id: '9.9' }
    - { source: cis-kubernetes, version: '1.12', id: '9.9' }
    - { source: mitre-attack, id: T1036.005 }
  parameters: { names: [a] }
  parameterNotes: { names: names that it may have }
  tests:
    - { name: unknown, facets: { host: { init: systemd } }, expect: error }
    - { name: another name, facets: { host: { init: systemd, hostname: b } }, expect: fail, evidence: [b] }
- id: somebody-looked
  title: Somebody looked
  severity: high
  manual: Look at it.
  rationale: Because.
  remediation: Look.
`
const profiles = `- { id: some, title: Some, appliesTo: "false", checks: [hostname-set], parameters: { hostname-set: { names: [b] } } }
- { id: all, title: All, appliesTo: "true", extends: [some], checks: [somebody-looked] }
`

function pages(t: Test, more: Readonly<Record<string, string>> = {}) {
  const place = t.testdir({})
  const files = { 'policy/checks/a.yaml': check, 'policy/profiles/a.yaml': profiles, ...more }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(place, dirname(path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  return new Map(checkPages(place).map(file => [file.path, file.content]))
}

t.test('a page tells what it means, how to fix it, and what is looked at', async t => {
  const page = pages(t).get('docs/checks/hostname-set.md') ?? ''
  t.match(page, '# The host has a name\n')
  t.match(page, 'severity **low** · judged automatically')
  t.match(page, 'Because &lt; of it.')
  t.match(page, 'Name b anew with `hostnamectl hostname a`.', 'with the values of the row that fails')
  t.match(page, '```text\nits name is | b\n```')
  t.match(page, '| [host](../reference/facets.md#host) | `hostname` |')
  t.match(page, '| `names` | names that it may have | `["a"]` | `all`: `["b"]`<br>`some`: `["b"]` |')
  t.match(page, '[CIS Kubernetes Benchmark 1.11, 1.12: 9.9](../reference/coverage-cis-kubernetes.md)')
  t.match(page, '(https://attack.mitre.org/techniques/T1036/005/)')
  t.match(page, '- `all`: All\n- `some`: Some')
})

t.test('a manual check says what to look at, and has no example', async t => {
  const page = pages(t).get('docs/checks/somebody-looked.md') ?? ''
  t.match(page, '## What to look at\n\nLook at it.')
  t.notMatch(page, '## Example')
})

t.test('the index lists every check with its page, and every profile', async t => {
  const index = pages(t).get('docs/checks/README.md') ?? ''
  t.match(index, '1 checks are judged automatically, 1 say what')
  t.match(index, '| [hostname-set](hostname-set.md) | The host has a name | low |')
  t.match(index, '| [somebody-looked](somebody-looked.md) | Somebody looked | high, manual |')
  t.match(index, '| `some`<br>Some | 1 | only by name |')
})

t.test('the page of a check that is gone is to go', async t => {
  const files = pages(t, { 'docs/checks/gone.md': 'old', 'docs/checks/hostname-set.md': 'old' })
  t.equal(files.get('docs/checks/gone.md'), undefined)
  t.ok(files.has('docs/checks/gone.md'), 'and is told')
  t.type(files.get('docs/checks/hostname-set.md'), 'string')
})

t.test('links of the pages lead to files that are there', async t => {
  const folder = join(root, 'docs/checks')
  const broken = readdirSync(folder).flatMap(name =>
    [...prose(readFileSync(join(folder, name), 'utf8')).matchAll(/\]\((?!https:)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link = '']) => link)
      .filter(link => !existsSync(join(folder, link)))
      .map(link => `${name}: ${link}`),
  )
  t.same(broken, [])
})

/** Without blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
}
