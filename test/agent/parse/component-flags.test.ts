// Tests of the arguments of Kubernetes components and of etcd.
import fc from 'fast-check'
import t from 'tap'
import { type FlagKinds, parseComponentFlags } from '../../../agent/parse/component-flags.ts'

const kinds: FlagKinds = {
  'anonymous-auth': 'bool',
  profiling: 'bool',
  'authorization-mode': 'list',
  'audit-log-maxage': 'int',
  'service-account-key-file': 'array',
  'feature-gates': 'gates',
  'request-timeout': 'duration',
  config: 'text',
}
const valuesOf = (...args: readonly string[]) => Object.fromEntries(parseComponentFlags(args, kinds).values)

t.test('both spellings are read, and the last of repeated flags wins', async t => {
  t.strictSame(valuesOf('--audit-log-maxage', '7', '--audit-log-maxage=30', '--anonymous-auth', '--profiling=false'), {
    'audit-log-maxage': 30,
    'anonymous-auth': true,
    profiling: false,
  })
  t.strictSame(valuesOf('--anonymous_auth=false'), { 'anonymous-auth': false }, '_ is - in a name')
})

t.test('lists, arrays and feature gates of repeated flags add up', async t => {
  const modes = ['--authorization-mode=Node', '--authorization-mode', 'RBAC,Webhook']
  t.strictSame(valuesOf(...modes), { 'authorization-mode': ['Node', 'RBAC', 'Webhook'] })
  t.strictSame(valuesOf('--service-account-key-file=/a', '--service-account-key-file=/b,c'), {
    'service-account-key-file': ['/a', '/b,c'],
  })
  t.strictSame(valuesOf('--feature-gates=A=true,B=true', '--feature-gates=B=false'), {
    'feature-gates': { A: true, B: false },
  })
})

t.test('names are whole: a flag is none of those that begin like it', async t => {
  t.strictSame(valuesOf('--config-dir=/x', '--configuration=y', '-config=/z', '---config=/z', 'config=/z'), {})
  t.strictSame(valuesOf('--config=/x', '--config-dir=/y'), { config: '/x' })
})

t.test('the word after an unknown flag is its value, and nothing after -- is a flag', async t => {
  t.strictSame(valuesOf('--token', 'profiling', '--profiling', '--', '--config=/x'), { profiling: true })
  t.strictSame(valuesOf('--unknown', '--profiling=false'), { profiling: false })
  t.strictSame(valuesOf('--config', '--profiling'), { config: '--profiling' }, 'a value may look like a flag')
})

t.test('values that no program accepts are named, never told', async t => {
  const { values, invalid } = parseComponentFlags(
    ['--anonymous-auth=canary', '--audit-log-maxage=many', '--request-timeout=x', '--config'],
    kinds,
  )
  t.strictSame(invalid, ['anonymous-auth', 'audit-log-maxage', 'config', 'request-timeout'])
  t.strictSame([...values.keys()], [])
})

t.test('etcd: one dash will do, lists replace, and the first word ends the flags', async t => {
  const etcd: FlagKinds = { 'client-cert-auth': 'bool', 'cipher-suites': 'list', name: 'text' }
  const read = (...args: readonly string[]) => Object.fromEntries(parseComponentFlags(args, etcd, 'go').values)
  t.strictSame(read('-name', 'a', '--client-cert-auth', '-cipher-suites=A,B', '--cipher-suites=C'), {
    name: 'a',
    'client-cert-auth': true,
    'cipher-suites': ['C'],
  })
  t.strictSame(read('--client-cert-auth', 'false', '--name=late'), { 'client-cert-auth': true })
  t.strictSame(read('--client_cert_auth=true'), {}, 'no other spelling')
})

t.test('any words are answered', async t => {
  const word = fc.oneof(
    fc.constantFrom('--', '-', '--config', '--config=', '--profiling', '--feature-gates=A', '=', '__proto__'),
    fc.constantFrom('--__proto__=1', '--constructor', '--toString=x'),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(word), fc.constantFrom('pflag' as const, 'go' as const), (args, style) => {
      const { values } = parseComponentFlags(args, kinds, style)
      for (const name of values.keys()) t.ok(Object.hasOwn(kinds, name))
    }),
  )
})
