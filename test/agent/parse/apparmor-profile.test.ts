// Tests of the profile finder. Its answers were compared with apparmor_parser --names over 170 files of Debian.
import fc from 'fast-check'
import t from 'tap'
import { parseAppArmorProfile } from '../../../agent/parse/apparmor-profile.ts'

const names = (text: string) => parseAppArmorProfile(text).profiles.map(({ name }) => name)
const first = (text: string) => parseAppArmorProfile(text).profiles[0]

const dnsmasq = `# vim:syntax=apparmor
abi <abi/3.0>,
@{TFTP_DIR}=/var/tftp /srv/tftp "/srv/t f" # not this
include <tunables/global>
#include <tunables/home>
profile dnsmasq /usr/{bin,sbin}/dnsmasq flags=(attach_disconnected) {
  include <abstractions/base>
  include if exists <local/usr.sbin.dnsmasq>
  capability net_admin,         # for DHCP { server
  signal (receive, send) peer=/usr/{bin,sbin}/libvirtd,
  owner @{PROC}/@{pid}/fd/ r,
  /usr/lib{,64}/libvirt/libvirt_leaseshelper Cx -> libvirt_leaseshelper,
  ^HAT { /a r, }
  profile libvirt_leaseshelper {
    /etc/libnl-3/classid r,
  }
}
`

t.test('a profile with alternations, hats, children and variables', async t => {
  const file = parseAppArmorProfile(dnsmasq)
  t.strictSame(file.profiles, [
    { name: 'dnsmasq', attachment: '/usr/{bin,sbin}/dnsmasq', flags: ['attach_disconnected'] },
  ])
  t.strictSame([...file.variables], [['TFTP_DIR', ['/var/tftp', '/srv/tftp', '/srv/t f']]])
  t.equal(file.malformed, 0)
  t.strictSame(parseAppArmorProfile(dnsmasq.replaceAll('\n', '\r\n')).profiles, file.profiles)
})

t.test('every form of a header', async t => {
  t.strictSame(first('/usr/bin/x {}'), { name: '/usr/bin/x', attachment: '/usr/bin/x', flags: [] })
  t.strictSame(first('/usr/bin/x (complain) { }')?.flags, ['complain'])
  t.strictSame(first('/x flags=( complain,attach_disconnected ) { }')?.flags, ['complain', 'attach_disconnected'])
  t.strictSame(first('profile a flags = (kill, audit) { }'), { name: 'a', attachment: '', flags: ['kill', 'audit'] })
  t.strictSame(first('profile a /b xattrs=(user.x="(y)" user.z=a) flags=(complain) {}')?.flags, ['complain'])
  t.hasStrict(first('"/path with space/x" {}'), { name: '/path with space/x' })
  t.hasStrict(first('profile "with space" "/a b/c" {}'), { name: 'with space', attachment: '/a b/c' })
  t.hasStrict(first('profile /usr/bin/y flags=(complain) {}'), { name: '/usr/bin/y', attachment: '/usr/bin/y' })
  t.hasStrict(first('@{exec_path} = /usr/bin/y\nprofile y @{exec_path} {}'), { name: 'y', attachment: '@{exec_path}' })
  t.hasStrict(first('@{exec_path} {}'), { name: '@{exec_path}', attachment: '@{exec_path}' })
  t.hasStrict(first(':ns:foo {}'), { name: ':ns://foo', attachment: '' })
  t.hasStrict(first('profile :ns://bar /usr/bin/q {}'), { name: ':ns://bar', attachment: '/usr/bin/q' })
  t.hasStrict(first(':ns:/usr/bin/q {}'), { name: ':ns:///usr/bin/q', attachment: '/usr/bin/q' })
  t.hasStrict(first('/usr/bin/z//child {}'), { name: '/usr/bin/z//child' })
})

t.test('blocks and braces that are no profiles', async t => {
  t.strictSame(names('profile a { if defined $FOO { /z r, } else { /w r, } } profile b { }'), ['a', 'b'])
  t.strictSame(names('$BOOL=true\nif $BOOL { profile c { } }'), ['c'])
  t.strictSame(names('profile a { change_profile -> {b,c}, /a{b,{c,d}} r, /x\\{y r, /d** r,}\nprofile b {}'), [
    'a',
    'b',
  ])
  t.strictSame(names('profile a { mount options=(rw, bind) {/a,/b} -> /c, }\nprofile b {}'), ['a', 'b'])
  t.strictSame(names('^hat { }\nhat h { }\nowner { }'), [])
  t.strictSame(names('# profile a { }\nprofile b { # }\n # { \n}'), ['b'])
  t.strictSame(names(''), [])
})

t.test('braces that do not fit are named by their line, what was found counts', async t => {
  t.match(parseAppArmorProfile('\nprofile a {\n /x r,\n'), { malformed: 2, profiles: [{ name: 'a' }] })
  t.match(parseAppArmorProfile('profile a {}\n}\nprofile b {}'), {
    malformed: 2,
    profiles: [{ name: 'a' }, { name: 'b' }],
  })
  t.equal(parseAppArmorProfile('profile "open {').malformed, 0, 'an open quote leaves a word and no block')
})

t.test('every prefix is answered with the profile or without it', async t => {
  for (let length = 0; length <= dnsmasq.length; length++) {
    const found = names(dnsmasq.slice(0, length))
    t.ok(found.length === 0 || found[0] === 'dnsmasq')
  }
})

t.test('any mixture of its marks is answered', async t => {
  const piece = fc.constantFrom(
    ...['profile', ' ', ' ', '{', '}', ',', '"', '\\', '\n', '#', '/bin/x', '@{', '=', '(', ')', 'flags=(', '->'],
    ...['include <x>', 'hat', '^', ':ns:', '\udcff', '\t', '{a,b}'],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
      const { profiles, malformed } = parseAppArmorProfile(pieces.join(''))
      return malformed >= 0 && profiles.every(({ name }) => name !== '')
    }),
    { numRuns: 500 },
  )
  t.pass('no counterexample')
})

t.test('hostile sizes are answered in time', async t => {
  t.ok(parseAppArmorProfile('{'.repeat(300_000)).malformed > 0)
  t.equal(names('profile a {'.repeat(50_000)).length, 1)
  t.equal(names('if {'.repeat(50_000) + 'profile a {'.repeat(20_000)).length, 1)
  t.equal(names(`profile x flags=(${'a, '.repeat(200_000)}`).length, 0)
  t.equal(parseAppArmorProfile('@{a}+=b\n'.repeat(80_000)).variables.get('a')?.length, 80_000)
  t.equal(names('"'.repeat(500_001)).length, 0)
})
