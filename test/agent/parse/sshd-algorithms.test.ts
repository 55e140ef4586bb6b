// Tests of default algorithms by version, held against a recorded server, and of lists that build on them.
import fc from 'fast-check'
import t from 'tap'
import { algorithmKeywords, defaultAlgorithms, resolveAlgorithms } from '../../../agent/parse/sshd-algorithms.ts'
import { parseSshdTestOutput } from '../../../agent/parse/sshd-test-output.ts'
import { fixtureCommand } from '../../fixture-host.ts'

t.test('Debian 12 offers what its sshd says', async t => {
  const printed = parseSshdTestOutput(fixtureCommand('debian12-vm', 'sshd-T'))
  const defaults = defaultAlgorithms(902, true)
  for (const name of algorithmKeywords) t.strictSame(defaults?.[name], printed.get(name), name)
})

t.test('what each version changed', async t => {
  const kex = (version: number) => defaultAlgorithms(version, false)?.kexalgorithms ?? []
  const keys = (version: number) => defaultAlgorithms(version, false)?.hostkeyalgorithms ?? []
  t.equal(defaultAlgorithms(704, false), undefined)
  t.ok(kex(800).includes('diffie-hellman-group14-sha1'))
  t.notOk(kex(802).includes('diffie-hellman-group14-sha1'))
  t.equal(kex(809)[0], 'curve25519-sha256')
  t.equal(kex(900)[0], 'sntrup761x25519-sha512@openssh.com')
  t.equal(kex(909)[0], 'sntrup761x25519-sha512')
  t.equal(kex(1000)[0], 'mlkem768x25519-sha256')
  t.notOk(kex(1000).some(name => name.startsWith('diffie-hellman')))
  t.ok(keys(807).includes('ssh-rsa'))
  t.notOk(keys(808).includes('ssh-rsa'))
  t.equal(keys(804)[0], 'ecdsa-sha2-nistp256-cert-v01@openssh.com')
  t.ok(keys(804).includes('sk-ecdsa-sha2-nistp256-cert-v01@openssh.com'))
  t.equal(defaultAlgorithms(1000, false)?.ciphers[1], 'aes128-gcm@openssh.com')
})

t.test('lists that replace, add, take away and put in front', async t => {
  const defaults = ['a1', 'a2', 'b1']
  for (const [written, wanted] of [
    ['x,y,x', ['x', 'y']],
    ['+x,a1', ['a1', 'a2', 'b1', 'x']],
    ['-a*', ['b1']],
    ['-?1,x', ['a2']],
    ['^b1,x', ['b1', 'x', 'a1', 'a2']],
    ['a*', undefined],
    ['+a*', undefined],
  ] as const) {
    t.strictSame(resolveAlgorithms(written, defaults), wanted, written)
  }
  t.strictSame(resolveAlgorithms('x', undefined), ['x'])
  t.equal(resolveAlgorithms('+x', undefined), undefined)
  t.equal(resolveAlgorithms('-x', undefined), undefined)
})

t.test('no list has a name twice', async t => {
  const name = fc.constantFrom('a1', 'a2', 'b1', 'c')
  const mark = fc.constantFrom('', '+', '-', '^')
  const property = fc.property(mark, fc.array(name), (sign, names) => {
    const list = resolveAlgorithms(sign + names.join(','), ['a1', 'a2', 'b1']) ?? []
    return new Set(list).size === list.length
  })
  t.doesNotThrow(() => fc.assert(property))
})
