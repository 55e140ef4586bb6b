import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { commandsByHand, placeholderLines, placeholders } from '../../../scripts/generators/by-hand.ts'
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
  t.match(page, '## What fails\n\nOn a host like this (another name) the evidence is:\n\n```text\nits name is | b\n```')
  t.match(page, '## See it by hand\n\n```sh\nhostnamectl\ngabion-agent scan --check hostname-set\n```')
  t.match(page, '## Take it back\n\nBefore you change a file')
  t.match(page, '| [host](../reference/facets.md#host) | `hostname` |')
  t.match(page, '| `names` | names that it may have | `["a"]` | `all`: `["b"]`<br>`some`: `["b"]` |')
  t.match(page, '[CIS Kubernetes Benchmark 1.11, 1.12: 9.9](../reference/coverage-cis-kubernetes.md)')
  t.match(page, '(https://attack.mitre.org/techniques/T1036/005/)')
  t.match(page, '- `all`: All\n- `some`: Some')
})

t.test('a manual check says what to look at, and has no example', async t => {
  const page = pages(t).get('docs/checks/somebody-looked.md') ?? ''
  t.match(page, '## What to look at\n\nLook at it.')
  t.notMatch(page, '## What fails')
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

const own = (name: string) => readFileSync(join(root, 'docs/checks', name), 'utf8')
const shown = readdirSync(join(root, 'docs/checks')).filter(name => name !== 'README.md')
const sections = (page: string) => [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
const blocksOf = (page: string) => [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)

t.test('each page of the catalog says what fails, why, how it is seen, mended and taken back', async t => {
  for (const name of shown) {
    const titles = sections(own(name))
    for (const title of ['Why it matters', 'Fix it', 'Take it back']) t.ok(titles.includes(title), name)
    if (titles.includes('What to look at')) continue
    for (const title of ['What fails', 'See it by hand']) t.ok(titles.includes(title), name)
    const [byHand = ''] = blocksOf(own(name))
    t.ok(byHand.split('\n').filter(line => line !== '').length > 1, `${name} has commands of its own`)
  }
})

t.test('commands of the pages are commands: a shell reads them', async t => {
  const blocks = new Set(shown.flatMap(name => blocksOf(own(name))))
  t.ok(blocks.size > 300)
  const read = spawnSync('bash', ['-n'], { input: [...blocks].join('\n'), encoding: 'utf8' })
  t.equal(read.stderr, '')
})

/** Words in capitals that commands have as they are. */
const meant = new Set([
  ...['RBAC', 'ALL', 'UMASK', 'HOME', 'VERBOSE', 'DROP', 'GRUB', 'APT', 'YESCRYPT', 'ACCEPT', 'REJECT', 'LOG', 'INPUT'],
  ...['OUTPUT', 'FORWARD', 'STDIN', 'SHA', 'SHA512', 'INFO', 'DOCKER-USER', 'NOPASSWD', 'TLS', 'CSR'],
])

t.test('words in capitals that stand for something are explained', async t => {
  const unknown = shown.flatMap(name => {
    const words =
      blocksOf(own(name))
        .join('\n')
        .match(/(?<=[ :])[A-Z]{3,}(?=[ :,\n])/g) ?? []
    return words.filter(word => !meant.has(word) && placeholders[word] === undefined).map(word => `${name}: ${word}`)
  })
  t.same(unknown, [])
  t.same(placeholderLines(['`passwd -S USER` and `FILE.before`, not NAME']), [
    `- \`USER\`: ${placeholders['USER']}`,
    `- \`FILE\`: ${placeholders['FILE']}`,
  ])
})

t.test('commands are those of what is judged, narrowed to the names of the rule', t => {
  t.same(
    commandsByHand(['sysctl.parameters.live'], 'p.name in ["kernel.kptr_restrict", "net.ipv4.ip_forward"]')[0],
    [...['sysctl', 'kernel.kptr_restrict', 'net.ipv4.ip_forward']].join(' '),
  )
  t.same(commandsByHand(['files.mounts.target'], 'm.target == "/tmp"')[0], 'findmnt /tmp')
  t.same(commandsByHand(['files.mounts.target'], 'm.target in ["/tmp", "/var"]')[0], 'findmnt')
  t.equal(
    commandsByHand(['ssh.settings.ciphers'], 'ssh.settings.maxAuthTries.value < 5')[0],
    "sshd -T | grep -E '^(maxauthtries) '",
  )
  t.same(commandsByHand(['nothing.known'], ''), [])
  t.ok(commandsByHand(['audit.rules', 'ssh.settings', 'kubelet.files', 'ports.x'], '').length <= 4)
  t.end()
})

/** Without blocks of code. */
function prose(text: string): string {
  return text.replaceAll(/^(`{3,}).*\n[\s\S]*?^\1$/gm, '')
}
