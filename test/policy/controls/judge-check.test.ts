// Holds the decision about one check to the format's description: where values come from, states, quirks.
import t from 'tap'
import type {
  AuditOutcome,
  Audits,
  ControlsCheck,
  ControlsGroup,
  Reading,
  TestItem,
} from '../../../policy/controls/controls.ts'
import { judgeCheck, judgeUnasked } from '../../../policy/controls/judge-check.ts'

const group: ControlsGroup = { id: '1', text: '', type: '', checks: [] }
const base: ControlsCheck = {
  ...{ place: 'f:1:1', id: '1.1', text: '', audit: 'a', auditConfig: '', auditEnv: '', type: '', tests: undefined },
  ...{ remediation: '', scored: true, multiple: false },
}
const item = (fields: Partial<TestItem>): TestItem => ({
  ...{ flag: '', path: '', env: '', set: true, op: '', value: '' },
  ...fields,
})
const check = (items: readonly Partial<TestItem>[], more: Partial<ControlsCheck> & { binOp?: string } = {}) => ({
  ...base,
  ...more,
  tests: { binOp: more.binOp ?? '', items: items.map(item) },
})
const done = (stdout: string, exitCode = 0, stderr = ''): AuditOutcome => ({
  ...{ state: 'done' as const, stdout, text: stderr + stdout, exitCode, complaint: stderr.trim() },
})
const audits = (audit: string, config = '', env = ''): Audits => ({
  ...{ audit: done(audit), auditConfig: done(config), auditEnv: done(env) },
})
const states = (one: ControlsCheck, texts: Audits) => [
  judgeCheck(one, texts, 'right').state,
  judgeCheck(one, texts, 'strict').state,
]

t.test('checks that are not asked have their states in order', t => {
  const tests = { binOp: '', items: [item({ flag: 'x' })] }
  const state = (fields: Partial<ControlsCheck>, type = '') => {
    const result = judgeUnasked({ ...base, ...fields }, { ...group, type })
    return result && [result.state, result.reason]
  }
  t.same(state({}), ['WARN', 'There are no tests'])
  t.same(state({ scored: false }), ['WARN', 'No tests defined'])
  t.same(state({ type: 'skip' }), ['INFO', 'Test marked as skip'])
  t.same(state({ tests }, 'skip'), ['INFO', 'Test marked as skip'])
  t.same(state({}, 'skip'), ['INFO', 'Test marked as skip'])
  t.same(state({ tests, type: 'manual' }), ['WARN', 'Test marked as a manual test'])
  t.same(state({ tests: { binOp: '', items: [] } }), ['FAIL', 'No tests defined'])
  t.same(state({ tests: { binOp: '', items: [] }, scored: false }), ['WARN', 'No tests defined'])
  t.equal(state({ tests }), undefined)
  t.end()
})

t.test('set, compare and whether it is there decide an item', t => {
  const row = (fields: Partial<TestItem>, text: string) => states(check([{ flag: '--x', ...fields }]), audits(text))
  t.same(row({}, 'p --x=1'), ['PASS', 'PASS'])
  t.same(row({}, 'p --y=1'), ['FAIL', 'FAIL'])
  t.same(row({ op: 'eq', value: '1' }, 'p --x=1'), ['PASS', 'PASS'])
  t.same(row({ op: 'eq', value: '2' }, 'p --x=1'), ['FAIL', 'FAIL'])
  t.same(row({ op: 'noteq', value: '2' }, 'p'), ['FAIL', 'FAIL'])
  t.same(row({ set: false }, 'p --x=1'), ['FAIL', 'FAIL'])
  t.same(row({ set: false, op: 'eq', value: '2' }, 'p'), ['PASS', 'PASS'])
  t.same(row({ op: 'eq', value: 'true' }, 'p --x --y'), ['PASS', 'PASS'])
  t.same(states(check([{ flag: '--x' }], { scored: false }), audits('p')), ['WARN', 'WARN'])
  t.end()
})

t.test('values stand behind = and :, with blanks behind a colon', t => {
  const row = (flag: string, value: string, text: string) => states(check([{ flag, op: 'eq', value }]), audits(text))
  t.same(row('some-arg', 'some-val', 'p some-arg: some-val --y'), ['PASS', 'PASS'])
  t.same(row('some-arg', 'some-val', 'p some-arg:some-val --y'), ['PASS', 'PASS'])
  t.same(row('permissions', '600', 'permissions=600\n'), ['PASS', 'PASS'])
  t.same(row('root:root', 'root:root', 'root:root'), ['PASS', 'PASS'])
  t.end()
})

t.test('a flag beats the configuration, which beats the environment', t => {
  const one = check([{ flag: '--x', path: '{.x}', env: 'X', op: 'eq', value: 'v' }], {
    auditConfig: 'c',
    auditEnv: 'e',
  })
  t.same(states(one, audits('p --x=v', 'x: w', 'X=w')), ['PASS', 'PASS'])
  t.same(states(one, audits('p --x=w', 'x: v', 'X=v')), ['FAIL', 'FAIL'])
  t.same(states(one, audits('p', 'x: v', 'X=w')), ['PASS', 'PASS'])
  t.same(states(one, audits('p', 'y: v', 'X=v')), ['PASS', 'PASS'])
  t.same(states(one, audits('p', '', 'X=v\nY=1')), ['PASS', 'PASS'])
  t.same(states(one, audits('p', '{"x": "v"}')), ['PASS', 'PASS'])
  t.end()
})

t.test('items are joined by and, or, and what is neither is a mistake', t => {
  const two = [{ flag: '--a' }, { flag: '--b', set: false }]
  t.same(states(check(two), audits('--a')), ['PASS', 'PASS'])
  t.same(states(check(two, { binOp: 'and' }), audits('--a --b')), ['FAIL', 'FAIL'])
  t.same(states(check(two, { binOp: 'or' }), audits('--a --b')), ['PASS', 'PASS'])
  const wrong = judgeCheck(check(two, { binOp: 'xor' }), audits('--a'), 'right')
  t.match(wrong, { state: 'FAIL', reason: 'unknown binary operator for tests xor' })
  const either = judgeCheck(check(two, { binOp: 'or' }), audits('--a'), 'right')
  t.equal(either.expected, "'--a' is present OR '--b' is not present")
  t.end()
})

t.test('each line is judged by itself where values are many', t => {
  const many = check([{ flag: 'permissions', op: 'bitmask', value: '600' }], { multiple: true })
  t.same(states(many, audits('permissions=600\npermissions=400\n')), ['PASS', 'PASS'])
  t.same(states(many, audits('permissions=600\npermissions=644\n')), ['FAIL', 'FAIL'])
  t.same(states(many, audits('permissions=600\n\npermissions=600')), ['FAIL', 'FAIL'])
  t.same(states({ ...many, multiple: false }, audits('permissions=600\npermissions=644\n')), ['PASS', 'PASS'])
  t.end()
})

t.test('an audit that ends badly fails the check, one that cannot be evaluated warns', t => {
  const one = check([{ flag: '--x', path: '{.x}' }], { auditConfig: 'c' })
  const bad = judgeCheck(one, { ...audits(''), audit: done('', 1, 'oh\n') }, 'right')
  t.match(bad, { state: 'FAIL', reason: 'the audit ended with exit status 1: oh', unanswered: false })
  const missing = done('', 1, 'cat: /c: No such file or directory\n')
  t.same(states(one, { ...audits('p --x'), auditConfig: missing }), ['PASS', 'PASS'])
  t.same(states(one, { ...audits(''), auditConfig: missing }), ['FAIL', 'FAIL'])
  t.same(states(one, { ...audits('p --x'), auditConfig: done('', 2, 'other\n') }), ['FAIL', 'FAIL'])
  const unknown: AuditOutcome = { state: 'unanswered', reason: 'unsupported audit: jq' }
  t.match(judgeCheck(one, { ...audits(''), audit: unknown }, 'strict'), {
    ...{ state: 'WARN', unanswered: true, reason: 'unsupported audit: jq' },
  })
  t.same(states(one, { ...audits('p --x'), auditConfig: unknown }), ['PASS', 'PASS'])
  t.same(states(one, { ...audits('p'), auditConfig: unknown }), ['WARN', 'WARN'])
  t.end()
})

interface Quirk {
  readonly title: string
  readonly item: Partial<TestItem>
  readonly audits: Audits
  readonly more?: Partial<ControlsCheck>
  readonly right: string
  readonly strict: string
}

const quirks: readonly Quirk[] = [
  {
    title: 'a longer flag is not the flag',
    item: { flag: '--config' },
    audits: audits('p --config-dir=/x'),
    right: 'FAIL',
    strict: 'PASS',
  },
  {
    title: 'a longer owner is not the owner',
    item: { flag: 'root:root' },
    audits: audits('notroot:root'),
    right: 'FAIL',
    strict: 'PASS',
  },
  {
    title: 'a value may stand behind a blank',
    item: { flag: '--mode', op: 'eq', value: 'RBAC' },
    audits: audits('p --mode RBAC'),
    right: 'PASS',
    strict: 'FAIL',
  },
  {
    title: 'the last of several counts',
    item: { flag: '--x', op: 'eq', value: '2' },
    audits: audits('p --x=1 --x=2'),
    right: 'PASS',
    strict: 'FAIL',
  },
  {
    title: 'a path without braces is a path',
    item: { path: '.x' },
    audits: audits('', 'y: 1'),
    more: { auditConfig: 'c' },
    right: 'FAIL',
    strict: 'PASS',
  },
  {
    title: 'the one audit may print what a path asks for',
    item: { path: '{.x}' },
    audits: audits('x: 1'),
    right: 'PASS',
    strict: 'FAIL',
  },
  {
    title: 'null is no value',
    item: { path: '{.x}' },
    audits: audits('', '{"x": null}'),
    more: { auditConfig: 'c' },
    right: 'FAIL',
    strict: 'PASS',
  },
  {
    title: 'a variable is not the end of another',
    item: { env: 'X' },
    audits: audits('', '', 'NOX=1'),
    right: 'FAIL',
    strict: 'PASS',
  },
  {
    title: 'complaints are no values',
    item: { flag: '/x' },
    audits: { ...audits(''), audit: done('', 0, 'stat: /x\n') },
    right: 'FAIL',
    strict: 'PASS',
  },
]

for (const { title, item: one, audits: texts, more, right, strict } of quirks) {
  t.test(`${title}, but for kube-bench`, t => {
    t.same(states(check([one], more), texts), [right, strict])
    t.end()
  })
}

t.test('what was found is the values; for kube-bench the whole text', t => {
  const one = check([{ flag: '--x' }, { flag: '--y' }])
  const actual = (reading: Reading) => judgeCheck(one, audits('p --x=1 --token=secret --y\n'), reading).actual
  t.equal(actual('right'), '--x: 1\n--y: true')
  t.equal(actual('strict'), 'p --x=1 --token=secret --y')
  t.end()
})

t.test('a long run of blanks before the end of a text is gone through once', t => {
  const text = `--x=1${' '.repeat(4 * 1024 * 1024)}y`
  t.same(states(check([{ flag: '--x', op: 'eq', value: '1' }]), audits(text)), ['PASS', 'PASS'])
  t.end()
})

t.test('text that is no data, paths and expressions that are none fail and say so', t => {
  const path = check([{ path: '{.x}' }], { auditConfig: 'c' })
  t.match(judgeCheck(path, audits('', 'a: b: c'), 'right'), { state: 'FAIL', reason: /neither JSON nor YAML/ })
  t.match(judgeCheck(check([{ path: '{.x' }], { auditConfig: 'c' }), audits('', 'x: 1'), 'right'), {
    reason: /not closed/,
  })
  t.match(judgeCheck(check([{ flag: '--x', op: 'regex', value: '(' }]), audits('--x=1'), 'right'), {
    ...{ state: 'FAIL', reason: /lacks a \)/ },
  })
  t.match(judgeCheck(check([{ flag: '--x', op: 'noteqx', value: '1' }]), audits('--x=1'), 'right'), {
    ...{ state: 'FAIL', reason: 'there is no operator noteqx' },
  })
  t.end()
})
