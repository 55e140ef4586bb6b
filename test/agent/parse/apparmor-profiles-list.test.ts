// Tests of the list of loaded profiles and of process labels.
import fc from 'fast-check'
import t from 'tap'
import { apparmorModes, parseLabel, parseProfilesList } from '../../../agent/parse/apparmor-profiles-list.ts'
import { fixtureCommand } from '../../fixture-host.ts'

t.test('profiles with children, hats, namespaces, blanks and parentheses', async t => {
  const text = `/usr/bin/man (enforce)
/usr/bin/man//filter (complain)
smbldap-useradd///etc/init.d/nscd (complain)
:lxd-c1_<var-lib-lxd>://unconfined (unconfined)
Visual Studio (Code) (unconfined)
web//^DEFAULT (kill)
both//&other (mixed)
future (shiny)
`
  t.strictSame(
    parseProfilesList(text).map(({ name, mode }) => `${name} = ${mode}`),
    [
      '/usr/bin/man = enforce',
      '/usr/bin/man//filter = complain',
      'smbldap-useradd///etc/init.d/nscd = complain',
      ':lxd-c1_<var-lib-lxd>://unconfined = unconfined',
      'Visual Studio (Code) = unconfined',
      'web//^DEFAULT = kill',
      'both//&other = mixed',
      'future = unknown',
    ],
  )
})

t.test('the recorded list has 15 profiles in enforce and 20 in complain mode', async t => {
  const profiles = parseProfilesList(fixtureCommand('debian12-vm', 'apparmor-profiles'))
  t.equal(profiles.filter(({ mode }) => mode === 'enforce').length, 15)
  t.equal(profiles.filter(({ mode }) => mode === 'complain').length, 20)
})

t.test('labels of processes, and contexts of other security modules', async t => {
  t.strictSame(parseLabel('unconfined\n'), { name: 'unconfined', mode: undefined })
  t.strictSame(parseLabel('docker-default (enforce)\n'), { name: 'docker-default', mode: 'enforce' })
  t.strictSame(parseLabel('snap x (unconfined)\0'), { name: 'snap x', mode: 'unconfined' })
  t.equal(parseLabel('system_u:system_r:init_t:s0\0'), undefined)
  t.equal(parseLabel(''), undefined)
  t.equal(parseLabel(' (enforce)'), undefined)
})

t.test('broken lines are no profiles; the same name counts once', async t => {
  t.strictSame(parseProfilesList('unconfined\nname\nname (\n(enforce)\na (Enforce)\n\n'), [])
  t.strictSame(parseProfilesList('a (enforce)\na (complain)'), [{ name: 'a', mode: 'complain' }])
})

t.test('any name is given back with its mode', async t => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^\n\0]{1,40}$/), fc.constantFrom(...apparmorModes), (name, mode) => {
      const [profile] = parseProfilesList(`${name} (${mode})\n`)
      return profile?.name === name && profile.mode === mode
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '(', ')', '\n', '/', '\udc80') }), text => {
      return parseProfilesList(text).every(({ name }) => name !== '')
    }),
  )
  t.pass('no counterexample')
})
