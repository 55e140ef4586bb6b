import t from 'tap'
import type { Check, Result } from '../../policy/check.ts'
import { type CheckExplanation, renderExplanation } from '../../report/check-explanation.ts'

const check: Check = {
  ...{ id: 'a', title: 'Title', severity: 'high', applies: 'host.live', pass: 'host.x == params.max', evidence: '[]' },
  ...{ rationale: 'Because.', remediation: 'Run `x {{ params.max }}`.', parameters: { max: 3 }, tests: [] },
  references: [{ source: 'cis', version: '', id: '1.2' }],
}
const result: Result = { check: 'a', state: 'pass', reason: '', evidence: [], remediation: '', facets: ['host'] }
const explanation: CheckExplanation = {
  ...{ check, writtenIn: 'built in', severities: [], profiles: [], reads: ['host.x'], result },
  parameters: [{ name: 'max', origins: [{ value: 3, from: 'default' }], note: 'The most.' }],
  facets: [{ name: 'host', state: 'present', reason: '' }],
}
const render = (more: Partial<CheckExplanation> = {}) =>
  renderExplanation({ ...explanation, ...more }, { width: 100, paint: (_, text) => text })

t.test('every part has its heading, and what is empty has none', async t => {
  t.equal(
    render(),
    `Title
high, a, built in

Why
  Because.

Applies where
  host.live

Passes when
  host.x == params.max

Parameters
  max = 3 from default. The most.

Reads
  host.x

Facets of this host
  host: present

On this host: pass

To do when it fails
  Run \`x {{ params.max }}\`.

See
  cis 1.2
`,
  )
})

t.test('values tell what they go over', async t => {
  const origins = [
    { value: 1, from: 'a.yaml:1:2' },
    { value: 2, from: 'profile p' },
    { value: 3, from: 'default' },
  ]
  t.match(
    render({ parameters: [{ name: 'max', origins, note: '' }] }),
    'max = 1 from a.yaml:1:2, over 2 from profile p, 3 from default\n',
  )
})

t.test('the result comes with evidence, waiver and end, and with the remedy of this host', async t => {
  const waiver = { id: 'W', reason: 'known', owner: 'o', ticket: '', expiresAt: '2027-01-01T00:00:00.000Z' }
  const text = render({
    result: {
      ...result,
      state: 'fail',
      evidence: ['one\u001b[2J'],
      remediation: 'Run `x 3`.',
      waiver,
      validUntil: waiver.expiresAt,
    },
  })
  t.match(
    text,
    'On this host: fail\n  • one\\u{1b}[2J\n  waived by W until 2027-01-01T00:00:00.000Z: known\n  valid until 2027',
  )
  t.match(text, 'To do\n  Run `x 3`.')
  t.match(render({ result: { ...result, state: 'error', reason: 'not known' } }), 'On this host: error\n  not known\n')
})
