// Tests of reading registry settings of containerd, Podman, Buildah and CRI-O.
import fc from 'fast-check'
import t from 'tap'
import { containerdRegistries, parseHostsToml, parseRegistriesConf } from '../../../agent/parse/registry-hosts.ts'

t.test('hosts.toml: the server and the mirrors before it', async t => {
  const text = `server = "https://registry-1.docker.io"
[host."http://mirror.lan:5000"]
  capabilities = ["pull"]
[host."https://user:secret@cache.lan/v2"]
  skip_verify = true
[host."plain.lan"]
`
  t.strictSame(parseHostsToml(text, 'docker.io'), {
    state: 'rows',
    rows: [
      { registry: 'docker.io', endpoint: 'https://registry-1.docker.io', trust: 'verified' },
      { registry: 'docker.io', endpoint: 'http://mirror.lan:5000', trust: 'plainHttp' },
      { registry: 'docker.io', endpoint: 'https://cache.lan', trust: 'unverified' },
      { registry: 'docker.io', endpoint: 'https://plain.lan', trust: 'verified' },
    ],
  })
  t.strictSame(parseHostsToml('server = 3\n[host]\nx = 1\n', 'a'), {
    state: 'rows',
    rows: [{ registry: 'a', endpoint: 'https://x', trust: 'verified' }],
  })
  t.strictSame(parseHostsToml('server =', 'a'), { state: 'malformed', line: 1 })
})

t.test('mirrors and exceptions in containerd’s own file', async t => {
  t.strictSame(
    containerdRegistries({
      mirrors: { 'docker.io': { endpoint: ['https://a', 'http://b:80'] }, '*': { endpoint: 'no list' } },
      configs: {
        'reg.lan:5000': { tls: { insecure_skip_verify: true }, auth: { password: 'secret' } },
        'ok.lan': { tls: { insecure_skip_verify: false } },
      },
    }),
    [
      { registry: 'docker.io', endpoint: 'https://a', trust: 'verified' },
      { registry: 'docker.io', endpoint: 'http://b:80', trust: 'plainHttp' },
      { registry: 'reg.lan:5000', endpoint: '', trust: 'unverified' },
    ],
  )
})

t.test('registries.conf in both of its forms', async t => {
  const second = `unqualified-search-registries = ["docker.io"]
[[registry]]
prefix = "internal.example/foo"
location = "internal.example"
insecure = true
[[registry.mirror]]
location = "mirror.lan:5000"
insecure = true
[[registry.mirror]]
location = "safe.lan"
[[registry]]
location = "other.example"
`
  t.strictSame(parseRegistriesConf(second), {
    state: 'rows',
    rows: [
      { registry: 'internal.example', endpoint: '', trust: 'insecureAllowed' },
      { registry: 'internal.example', endpoint: 'https://mirror.lan:5000', trust: 'insecureAllowed' },
      { registry: 'internal.example', endpoint: 'https://safe.lan', trust: 'verified' },
    ],
  })
  t.strictSame(parseRegistriesConf("[registries.insecure]\nregistries = ['a:5000']\n"), {
    state: 'rows',
    rows: [{ registry: 'a:5000', endpoint: '', trust: 'insecureAllowed' }],
  })
  for (let end = 0; end <= second.length; end += 1) t.ok(parseRegistriesConf(second.slice(0, end)))
})

t.test('whatever the text is, no credentials come out', async t => {
  const url = fc.constantFrom(
    'http://u:canary@h',
    'https://canary@h:1/canary',
    'h/canary',
    'canary canary@@',
    '://canary',
  )
  fc.assert(
    fc.property(fc.array(url, { maxLength: 5 }), endpoint => {
      return !JSON.stringify(containerdRegistries({ mirrors: { x: { endpoint } } })).includes('canary')
    }),
  )
  fc.assert(fc.property(fc.string(), text => parseRegistriesConf(text) && parseHostsToml(text, 'x') !== undefined))
  t.pass('random texts')
})
