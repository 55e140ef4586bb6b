// Tests of what is told of defaults: as much as is certain of version and builder.
import t from 'tap'
import { defaultValues } from '../../../agent/ssh/default-values.ts'

const values = (version: number | undefined, distribution: readonly string[], packageVersion = '') =>
  defaultValues({ version, distribution, packageVersion })

t.test('a known version of a known builder has all of them', async t => {
  const debian = values(902, ['debian'], '1:9.2p1-2+deb12u3')
  t.strictSame(debian.get('permitrootlogin'), ['prohibit-password'])
  t.equal(debian.get('kexalgorithms')?.[0], 'sntrup761x25519-sha512@openssh.com')
  t.equal(values(902, ['debian'], '1:9.2p1-2+deb12u4').get('kexalgorithms')?.[0], 'sntrup761x25519-sha512')
  t.strictSame(values(606, ['ubuntu']).get('permitrootlogin'), ['yes'])
  t.ok(values(906, ['linuxmint', 'ubuntu', 'debian']).has('ciphers'))
})

t.test('lists that a policy of the whole system decides are not guessed', async t => {
  const red = values(807, ['rocky', 'rhel', 'centos', 'fedora'])
  t.notOk(red.has('ciphers'))
  t.strictSame(red.get('permitrootlogin'), ['prohibit-password'])
})

t.test('without a version only what never changed is told, of strangers nothing', async t => {
  const debian = values(undefined, ['debian'])
  t.notOk(debian.has('permitrootlogin') || debian.has('ciphers'))
  t.strictSame(debian.get('maxauthtries'), ['6'])
  t.equal(values(902, ['sles']).size, 0)
  t.equal(values(902, []).size, 0)
})
