// What getcap prints of a file becomes the attribute again, and nothing else becomes one.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseFileCapability } from '../../../agent/parse/file-capability.ts'
import { capabilityOfGetcap } from '../../../agent/parse/getcap.ts'

const parsed = (text: string) => {
  const hex = capabilityOfGetcap(text)
  return hex === undefined ? undefined : parseFileCapability(Buffer.from(hex, 'hex'))
}

t.test('as libcap 2.66 prints it', async t => {
  t.equal(capabilityOfGetcap(' cap_net_raw=ep'), '0100000200200000000000000000000000000000')
  t.same(parsed(' cap_dac_override,cap_net_admin+eip'), {
    ...{ permitted: ['cap_dac_override', 'cap_net_admin'], inheritable: ['cap_dac_override', 'cap_net_admin'] },
    ...{ effective: true, rootUid: 0 },
  })
  t.match(parsed(' cap_bpf=p'), { permitted: ['cap_bpf'], inheritable: [], effective: false })
  t.match(parsed(' cap_net_raw=p cap_chown+i'), { permitted: ['cap_net_raw'], inheritable: ['cap_chown'] })
  t.match(parsed(' cap_net_raw=ep [rootid=100000]'), { permitted: ['cap_net_raw'], rootUid: 100_000 })
})

t.test('as libcap before 2.41 printed it', async t => {
  t.equal(capabilityOfGetcap(' = cap_net_raw+ep'), capabilityOfGetcap(' cap_net_raw=ep'))
})

t.test('all of them, and all but some', async t => {
  t.equal(parsed(' =ep')?.permitted.length, 41)
  const most = parsed(' =ep cap_sys_admin-ep')?.permitted ?? []
  t.equal(most.length, 40)
  t.notOk(most.includes('cap_sys_admin'))
  t.match(parsed(' cap_45=ep'), { permitted: ['cap_45'] })
})

t.test('anything else is nothing', async t => {
  for (const text of [
    '',
    ' ',
    ' cap_unknown=ep',
    ' cap_net_raw',
    ' cap_net_raw=x',
    ' cap_64=p',
    ' failed: no such file',
  ])
    t.equal(capabilityOfGetcap(text), undefined, JSON.stringify(text))
  const valid = ' cap_net_raw,cap_chown=ep cap_bpf+i [rootid=7]'
  for (let end = 0; end < valid.length; end += 1) {
    const hex = capabilityOfGetcap(valid.slice(0, end))
    if (hex !== undefined) t.ok(parseFileCapability(Buffer.from(hex, 'hex')), valid.slice(0, end))
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const hex = capabilityOfGetcap(text)
      return hex === undefined || parseFileCapability(Buffer.from(hex, 'hex')) !== undefined
    }),
  )
})

t.test('any clauses come to the sets that they build, one after the other', async () => {
  const numbers = { cap_chown: 0, cap_kill: 5, cap_net_raw: 13, cap_syslog: 34, cap_bpf: 39 }
  const names = fc.subarray(Object.keys(numbers) as (keyof typeof numbers)[])
  const action = fc
    .tuple(fc.constantFrom('=', '+', '-'), fc.subarray(['e', 'i', 'p']))
    .map(([operator, flags]) => ({ operator, flags }))
  const clause = fc.record({ names, actions: fc.array(action, { minLength: 1, maxLength: 3 }) })
  const all = Array.from({ length: 41 }, (_, number) => number)
  fc.assert(
    fc.property(
      fc.array(clause, { minLength: 1, maxLength: 3 }),
      fc.option(fc.nat()),
      fc.constantFrom('', ' = '),
      (clauses, root, before) => {
        const sets = { e: new Set<number>(), i: new Set<number>(), p: new Set<number>() }
        for (const { names: own, actions } of clauses) {
          const members = own.length === 0 ? all : own.map(name => numbers[name])
          for (const { operator, flags } of actions)
            for (const set of ['e', 'i', 'p'] as const)
              for (const number of members) {
                if (operator === '=' || (operator === '-' && flags.includes(set))) sets[set].delete(number)
                if (operator !== '-' && flags.includes(set)) sets[set].add(number)
              }
        }
        const text = clauses
          .map(
            ({ names: own, actions }) =>
              own.join() + actions.map(({ operator, flags }) => operator + flags.join('')).join(''),
          )
          .join(' ')
        const words = (set: ReadonlySet<number>) => {
          const mask = [...set].reduce((sum, number) => sum | (1n << BigInt(number)), 0n)
          return [Number(mask & 0xffffffffn), Number(mask >> 32n)]
        }
        const [[low = 0, high = 0], [inheritableLow = 0, inheritableHigh = 0]] = [words(sets.p), words(sets.i)]
        const version = (root === null ? 0x02000000 : 0x03000000) + (sets.e.size > 0 ? 1 : 0)
        const fields = [version, low, inheritableLow, high, inheritableHigh, ...(root === null ? [] : [root])]
        const bytes = Buffer.alloc(fields.length * 4)
        for (const [index, field] of fields.entries()) bytes.writeUInt32LE(field, index * 4)
        equal(
          capabilityOfGetcap(`${before}${text}${root === null ? '' : ` [rootid=${root}]`}`),
          bytes.toString('hex'),
          text,
        )
      },
    ),
    { numRuns: 300 },
  )
})

t.test('what is no clause is told, wherever it stands', async t => {
  for (const text of [
    '',
    'cap_kill',
    'x cap_kill=p',
    'cap_kill=p!',
    'cap_none=p',
    'cap_kill=p [rootid=1] x',
    'Cap_kill=p',
  ])
    t.equal(capabilityOfGetcap(text), undefined, text)
})
