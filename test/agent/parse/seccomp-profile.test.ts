// Tests of the seccomp profile parser.
import fc from 'fast-check'
import t from 'tap'
import { parseSeccompProfile } from '../../../agent/parse/seccomp-profile.ts'

const parse = (value: unknown) => parseSeccompProfile(JSON.stringify(value))
const problem = (value: unknown) => {
  const parsed = typeof value === 'string' ? parseSeccompProfile(value) : parse(value)
  return parsed.state === 'invalid' ? parsed.problem : 'valid'
}
const rule = (over: object) => ({
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ names: ['read'], action: 'SCMP_ACT_ALLOW', ...over }],
})

t.test('the form of the OCI specification', async t => {
  t.strictSame(
    parse({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 38,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X32'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      listenerPath: '/run/listener',
      syscalls: [
        { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, value: 2114060288, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
        },
        { names: ['mount'], action: 'SCMP_ACT_KILL_PROCESS', errnoRet: 1 },
      ],
    }),
    {
      state: 'valid',
      content: {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X32'],
        flags: ['SECCOMP_FILTER_FLAG_LOG'],
        rules: [
          { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW', kind: 'allow', hasArguments: false },
          { names: ['clone'], action: 'SCMP_ACT_ALLOW', kind: 'allow', hasArguments: true },
          { names: ['mount'], action: 'SCMP_ACT_KILL_PROCESS', kind: 'refuse', hasArguments: false },
        ],
      },
    },
  )
})

t.test('the form of Docker and Podman', async t => {
  t.match(
    parse({
      defaultAction: 'SCMP_ACT_ERRNO',
      archMap: [
        { architecture: 'SCMP_ARCH_X86_64', subArchitectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] },
        { architecture: 'SCMP_ARCH_RISCV64', subArchitectures: null },
      ],
      syscalls: [
        { name: 'accept', action: 'SCMP_ACT_ALLOW', args: [], comment: '' },
        {
          names: ['bpf'],
          action: 'SCMP_ACT_ALLOW',
          args: null,
          comment: '',
          includes: { caps: ['CAP_SYS_ADMIN'] },
          excludes: {},
        },
      ],
    }),
    {
      state: 'valid',
      content: {
        architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_RISCV64'],
        rules: [{ names: ['accept'] }, { names: ['bpf'], hasArguments: false }],
      },
    },
  )
})

t.test('what Go takes is taken: other cases of names, null, unknown fields, numbers of 64 bits', async t => {
  t.equal(problem({ DEFAULTACTION: 'SCMP_ACT_ALLOW', syscalls: null, future: { a: 1 } }), 'valid')
  t.equal(problem({ defaultAction: 'SCMP_ACT_NONE', DefaultAction: 'SCMP_ACT_LOG' }), 'valid')
  const largest =
    '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["a"],"action":"SCMP_ACT_ALLOW","args":[{"index":5,"value":18446744073709551615,"op":"SCMP_CMP_EQ"}]}]}'
  t.equal(problem(largest), 'valid')
  t.equal(problem(rule({ names: ['no_such_call_yet'] })), 'valid')
})

t.test('text that is no JSON is named by its line', async t => {
  t.equal(problem(''), 'line 1: not JSON')
  t.equal(problem('{\n  "defaultAction": "SCMP_ACT_ERRNO",\n}'), 'line 3: not JSON')
  t.equal(problem('{\n  // canary\n  "defaultAction": "SCMP_ACT_ERRNO"\n}'), 'line 2: not JSON')
  t.equal(problem('{"defaultAction": "SCMP_ACT_ERRNO"}\n{}'), 'line 2: not JSON')
})

t.test('what a runtime refuses is named by its place and not by its content', async t => {
  const rows: readonly (readonly [value: unknown, problem: string])[] = [
    [[], 'the profile is no object'],
    ['null', 'the profile is no object'],
    [{}, 'defaultAction is missing'],
    [{ defaultAction: '' }, 'defaultAction is missing'],
    [{ defaultAction: 'canary' }, 'defaultAction is no action of seccomp'],
    [{ defaultAction: 5 }, 'defaultAction is no action of seccomp'],
    [{ defaultAction: 'SCMP_ACT_NOTIFY' }, 'defaultAction cannot be SCMP_ACT_NOTIFY'],
    [{ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: -1 }, 'defaultErrnoRet is no whole number'],
    [{ defaultAction: 'SCMP_ACT_ERRNO', architectures: ['x86_64'] }, 'architectures[0] is no architecture'],
    [
      { defaultAction: 'SCMP_ACT_ERRNO', archMap: [{ architecture: 'canary' }] },
      'archMap[0].architecture[0] is no architecture',
    ],
    [{ defaultAction: 'SCMP_ACT_ERRNO', flags: ['canary'] }, 'flags[0] is no flag of seccomp'],
    [{ defaultAction: 'SCMP_ACT_ERRNO', syscalls: {} }, 'syscalls is no list'],
    [{ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [1] }, 'syscalls[0] is no object'],
    [rule({ names: [] }), 'syscalls[0] names no call'],
    [rule({ names: undefined }), 'syscalls[0] names no call'],
    [rule({ names: ['read', ''] }), 'syscalls[0].names[1] is no name of a call'],
    [rule({ names: ['Read Me'] }), 'syscalls[0].names[0] is no name of a call'],
    [rule({ names: 'read' }), 'syscalls[0].names is no list'],
    [rule({ name: 'write' }), 'syscalls[0] has both name and names'],
    [rule({ action: undefined }), 'syscalls[0].action is missing'],
    [rule({ action: 'ALLOW' }), 'syscalls[0].action is no action of seccomp'],
    [rule({ names: ['write'], action: 'SCMP_ACT_NOTIFY' }), 'syscalls[0] cannot be SCMP_ACT_NOTIFY for write'],
    [rule({ errnoRet: 1.5 }), 'syscalls[0].errnoRet is no whole number'],
    [rule({ args: [{ index: 6, op: 'SCMP_CMP_EQ' }] }), 'syscalls[0].args[0].index is over 5'],
    [rule({ args: [{ index: 0, value: '1', op: 'SCMP_CMP_EQ' }] }), 'syscalls[0].args[0].value is no whole number'],
    [rule({ args: [{ index: 0, op: '==' }] }), 'syscalls[0].args[0].op[0] is no comparison'],
    [rule({ args: [null] }), 'syscalls[0].args[0] is no object'],
  ]
  for (const [value, expected] of rows) t.equal(problem(value), expected)
})

t.test('every prefix of a profile is no JSON, only the whole is', async t => {
  const text = JSON.stringify(rule({ args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] }))
  for (let length = 0; length < text.length; length++) t.match(problem(text.slice(0, length)), /^line 1: not JSON$/)
  t.equal(problem(text), 'valid')
})

t.test('any JSON is answered, and nothing of it stands in a problem', async t => {
  const names = fc.constantFrom(
    'defaultAction',
    'syscalls',
    'names',
    'action',
    'args',
    'index',
    'op',
    'archMap',
    'flags',
  )
  const { value } = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW', 'read', 0, 6, null, true, 'SCMP_CMP_EQ', 'c4n4ry'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 5 }),
    ),
  }))
  fc.assert(
    fc.property(value, json => !problem(json ?? {}).includes('c4n4ry')),
    { numRuns: 1000 },
  )
  fc.assert(fc.property(fc.string(), text => ['valid', 'invalid'].includes(parseSeccompProfile(text).state)))
  t.pass('no counterexample')
})
