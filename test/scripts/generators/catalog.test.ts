import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { catalog } from '../../../scripts/generators/catalog.ts'

const check = `- id: hostname-set
  title: The host has a name
  severity: low
  pass: host.hostname != ""
  evidence: '["no name"]'
  rationale: Because.
  remediation: Name it.
  tests:
    - { name: named, facets: { host: { hostname: a } }, expect: pass }
`
const profile = `id: all
title: All
appliesTo: "true"
checks: [hostname-set]
`

function rootWith(t: Test, files: Readonly<Record<string, string>>): string {
  const root = t.testdir({ policy: { checks: {}, profiles: {} } })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

t.test('the catalog holds checks and profiles by id, without tests', async t => {
  const other = check.replace('hostname-set', 'another')
  const root = rootWith(t, {
    'policy/checks/b.yaml': check,
    'policy/checks/c.yaml': other,
    'policy/profiles/a.yaml': profile,
  })
  const [file] = catalog(root)
  t.equal(file?.path, 'policy/catalog.generated.ts')
  const json = JSON.parse(file?.content?.replace(/^[\s\S]*?Catalog = /, '') ?? '')
  t.match(json, {
    checks: [
      { id: 'another', tests: [] },
      { id: 'hostname-set', tests: [] },
    ],
    profiles: [{ id: 'all' }],
  })
  t.match(json.digest, /^sha256:/)
})

t.test('generation fails with file, line and column of every mistake', async t => {
  const root = rootWith(t, {
    'policy/checks/b.yaml': check.replace('host.hostname', 'host.hostnam'),
    'policy/profiles/a.yaml': profile.replace('hostname-set', 'hostname-sat'),
  })
  t.throws(() => catalog(root), {
    message: [
      'policy/checks/b.yaml:4:14: check hostname-set, pass: No such key: hostnam, did you mean "hostname"?',
      'policy/profiles/a.yaml:4:9: profile all, checks: there is no check "hostname-sat", did you mean "hostname-set"?',
    ].join('\n'),
  })
})

t.test('files that cannot be read at all are told together', async t => {
  const root = rootWith(t, { 'policy/checks/a.yaml': '- [', 'policy/checks/b.yaml': check.replace('title', 'titel') })
  t.throws(
    () => catalog(root),
    /policy\/checks\/a\.yaml:1:\d+: .*\n.*policy\/checks\/b\.yaml:2:3: .*unknown key "titel", did you mean "title"\?/s,
  )
})
