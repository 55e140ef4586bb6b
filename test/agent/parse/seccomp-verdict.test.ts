// Tests of what a seccomp profile comes to. The order of rules was tried on libseccomp 2.5.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { linuxSyscalls } from '../../../agent/parse/linux-syscalls.ts'
import { parseSeccompProfile } from '../../../agent/parse/seccomp-profile.ts'
import { dangerousCalls, judgeSeccompProfile } from '../../../agent/parse/seccomp-verdict.ts'

type Rule = readonly [names: string, action: string, conditions?: object]
const arg = { args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }] }

function judge(defaultAction: string, ...rules: readonly Rule[]) {
  const syscalls = rules.map(([names, action, conditions]) => ({
    names: names.split(' '),
    action: `SCMP_ACT_${action}`,
    ...conditions,
  }))
  const parsed = parseSeccompProfile(JSON.stringify({ defaultAction: `SCMP_ACT_${defaultAction}`, syscalls }))
  if (parsed.state === 'invalid') throw new Error(parsed.problem)
  return judgeSeccompProfile(parsed.content)
}
const dangers = (...from: Parameters<typeof judge>) => judge(...from).dangerousAllowed

t.test('only default actions that refuse are restrictive', async t => {
  for (const action of ['ERRNO', 'KILL', 'KILL_THREAD', 'KILL_PROCESS', 'TRAP'])
    t.equal(judge(action).restrictive, true, action)
  for (const action of ['ALLOW', 'LOG', 'TRACE']) t.equal(judge(action).restrictive, false, action)
})

t.test('a default that lets through lets every dangerous call through', async t => {
  t.strictSame(dangers('ALLOW'), [...dangerousCalls].sort())
  t.strictSame(dangers('LOG'), [...dangerousCalls].sort())
  t.strictSame(dangers('TRACE'), [])
  t.strictSame(dangers('ERRNO'), [])
  t.notOk(dangers('ALLOW', ['mount bpf', 'ERRNO']).includes('mount'))
  t.ok(dangers('ALLOW', ['mount bpf', 'LOG']).includes('mount'))
})

t.test('the first rule without arguments decides, wherever those with arguments stand', async t => {
  t.strictSame(dangers('ERRNO', ['mount', 'ALLOW'], ['mount', 'KILL']), ['mount'])
  t.strictSame(dangers('ERRNO', ['mount', 'KILL'], ['mount', 'ALLOW']), [])
  t.strictSame(dangers('ERRNO', ['mount', 'KILL', arg], ['mount', 'ALLOW']), ['mount'])
  t.strictSame(dangers('ERRNO', ['mount', 'ALLOW', arg], ['mount', 'KILL']), [])
  t.strictSame(dangers('ERRNO', ['mount', 'ERRNO'], ['mount', 'ALLOW']), ['mount'], 'the default action is no rule')
})

t.test('a call that depends on its arguments is not let through without condition', async t => {
  t.strictSame(dangers('ERRNO', ['unshare', 'ALLOW', arg]), [])
  t.notOk(dangers('ALLOW', ['unshare', 'ERRNO', arg]).includes('unshare'))
  t.ok(dangers('ALLOW', ['unshare', 'ALLOW', arg]).includes('unshare'))
})

t.test('conditions on capabilities and architectures protect nobody under containerd', async t => {
  t.strictSame(dangers('ERRNO', ['mount', 'ALLOW', { includes: { caps: ['CAP_SYS_ADMIN'] } }]), ['mount'])
})

t.test('calls are counted once, by the rule that decides', async t => {
  t.match(
    judge(
      'ERRNO',
      ['read write read', 'ALLOW'],
      ['read', 'KILL'],
      ['mkdir', 'LOG'],
      ['ptrace', 'TRAP'],
      ['bpf', 'TRACE'],
    ),
    {
      allowed: 2,
      refused: 1,
      logged: 1,
    },
  )
})

t.test('names that Linux does not have are told', async t => {
  t.strictSame(judge('ERRNO', ['read mout unshar', 'ALLOW']).unknownCalls, ['mout', 'unshar'])
  const many = Array.from({ length: 300 }, (_, index) => `x${index}`).join(' ')
  t.equal(judge('ERRNO', [many, 'ALLOW']).unknownCalls.length, 100)
})

t.test('every dangerous call is one that Linux has', async t => {
  t.strictSame(
    dangerousCalls.filter(call => !linuxSyscalls.has(call)),
    [],
  )
  t.ok(linuxSyscalls.size > 480)
  t.ok(['read', 'arm_fadvise64_64', 'mseal', 'socketcall', 'riscv_flush_icache'].every(call => linuxSyscalls.has(call)))
})

const ruleModel = fc.record({
  names: fc.uniqueArray(fc.constantFrom<string[]>('mount', 'bpf', 'read', 'mout', 'ptrace', 'kcmp', 'write'), {
    minLength: 1,
    maxLength: 3,
  }),
  action: fc.constantFrom('ALLOW', 'ERRNO', 'LOG', 'TRACE', 'KILL'),
  compared: fc.option(fc.nat({ max: 1 })),
})
type RuleModel = typeof ruleModel extends fc.Arbitrary<infer T> ? T : never

/** What libseccomp's filter does with one call whose first argument is given: rules without conditions go before others. */
function actionOf(call: string, argument: number, defaultAction: string, rules: readonly RuleModel[]): string {
  const own = rules.filter(({ names, action }) => names.includes(call) && action !== defaultAction)
  const plain = own.find(({ compared }) => compared === null)
  return (plain ?? own.find(({ compared }) => compared === argument))?.action ?? defaultAction
}

t.test('a dangerous call is let through when the filter lets it through with every argument', async () => {
  const kinds = new Map([
    ['ALLOW', 'allowed'],
    ['LOG', 'logged'],
    ['ERRNO', 'refused'],
    ['KILL', 'refused'],
  ])
  fc.assert(
    fc.property(
      fc.constantFrom('ALLOW', 'ERRNO', 'LOG', 'TRACE'),
      fc.array(ruleModel, { maxLength: 6 }),
      (defaultAction, rules) => {
        const verdict = judge(
          defaultAction,
          ...rules.map(({ names, action, compared }): Rule => {
            const condition = compared === null ? {} : { args: [{ index: 0, value: compared, op: 'SCMP_CMP_EQ' }] }
            return [names.join(' '), action, condition]
          }),
        )
        const depends = (call: string) =>
          rules.some(
            ({ names, compared, action }) => names.includes(call) && compared !== null && action !== defaultAction,
          )
        const passes = (call: string) => {
          const actions = [0, 1, 2].map(argument => actionOf(call, argument, defaultAction, rules))
          return actions.every(action => action === 'ALLOW' || action === 'LOG')
        }
        for (const call of dangerousCalls) {
          const isTold = verdict.dangerousAllowed.includes(call)
          // Of a call with conditions only the safe side is told.
          if (isTold || !depends(call)) deepEqual([call, isTold], [call, passes(call)])
        }
        const named = [...new Set(rules.flatMap(({ names }) => names))]
        deepEqual(verdict.unknownCalls, named.includes('mout') ? ['mout'] : [])
        const unconditional = named.filter(call => !depends(call))
        const count = (kind: string) =>
          unconditional.filter(call => kinds.get(actionOf(call, 0, defaultAction, rules)) === kind).length
        if (unconditional.length === named.length) {
          const { allowed, logged, refused } = verdict
          deepEqual(
            { allowed, logged, refused },
            { allowed: count('allowed'), logged: count('logged'), refused: count('refused') },
          )
        }
      },
    ),
    { numRuns: 400 },
  )
})
