// Tests of the parser of time servers.
import fc from 'fast-check'
import t from 'tap'
import { parseTimeSources } from '../../../agent/parse/time-sources.ts'

const nothing = { sources: 0, authenticated: 0, includes: [], confDirectories: [], sourceDirectories: [] }

t.test('chrony as several distributions ship it', async t => {
  const debian = `# Include configuration files found in /etc/chrony/conf.d.
confdir /etc/chrony/conf.d
pool 2.debian.pool.ntp.org iburst
sourcedir /run/chrony-dhcp
sourcedir /etc/chrony/sources.d
keyfile /etc/chrony/chrony.keys
! server commented.example
makestep 1 3
`
  t.strictSame(parseTimeSources(debian), {
    ...nothing,
    sources: 1,
    confDirectories: ['/etc/chrony/conf.d'],
    sourceDirectories: ['/run/chrony-dhcp', '/etc/chrony/sources.d'],
  })
  const cloudflare =
    'Server time.cloudflare.com iburst nts\nserver 10.0.0.1 key 5\npeer b\ninclude /etc/chrony.d/*.conf\n'
  t.strictSame(parseTimeSources(cloudflare), {
    ...nothing,
    sources: 3,
    authenticated: 2,
    includes: ['/etc/chrony.d/*.conf'],
  })
})

t.test('ntp and openntpd', async t => {
  const ntpsec = 'driftfile /var/lib/ntpsec/ntp.drift\npool 0.debian.pool.ntp.org iburst # near\nrestrict default kod\n'
  t.match(parseTimeSources(ntpsec), { sources: 1, authenticated: 0 })
  t.match(parseTimeSources('servers pool.ntp.org\nsensor *\nincludefile /etc/ntp/more.conf\n'), {
    sources: 1,
    includes: ['/etc/ntp/more.conf'],
  })
})

t.test('other text, prefixes, carriage returns and bytes are survived', async t => {
  t.strictSame(parseTimeSources(''), nothing)
  t.strictSame(parseTimeSources('server\npool # x\n#server a\n;server b\n%server c\n'), nothing)
  t.match(parseTimeSources('server a\r\nserver b\r\n'), { sources: 2 })
  const text = 'pool a iburst nts\nconfdir /a /b\n'
  for (let length = 0; length <= text.length; length++) t.ok(parseTimeSources(text.slice(0, length)).sources <= 1)
  t.equal(parseTimeSources(`server ${'a'.repeat(1 << 20)}`).sources, 1)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => parseTimeSources(any).sources <= any.length),
  )
})
