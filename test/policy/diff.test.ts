import * as fc from 'fast-check'
import t from 'tap'
import { diffFacts } from '../../policy/diff.ts'
import { hasInvisible } from '../../policy/visible-text.ts'
import { words } from '../../policy/words.ts'
import type { Facet, JsonObject } from '../../proto/facet.ts'
import { AccountsFacet } from '../../proto/facets/accounts.ts'
import { FirewallFacet } from '../../proto/facets/firewall.ts'
import { HostFacet } from '../../proto/facets/host.ts'
import { KernelModulesFacet } from '../../proto/facets/kernel-modules.ts'
import { KubeletFacet } from '../../proto/facets/kubelet.ts'
import { PortsFacet } from '../../proto/facets/ports.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape } from '../../proto/field-shape.ts'
import { arbitraryState } from '../arbitrary-facts.ts'

const texts = (facet: Facet, before: JsonObject, after: JsonObject) =>
  diffFacts(facet, before, after).map(change => change.text)

const listener = (port: number, more: JsonObject = {}): JsonObject => ({
  protocol: 'tcp',
  family: 'ipv4',
  address: '0.0.0.0',
  port,
  scope: 'any',
  dualStack: false,
  service: '',
  holders: [holder('nginx')],
  ...more,
})
const holder = (process: string): JsonObject => ({
  process,
  executable: `/usr/sbin/${process}`,
  uid: 33,
  user: 'www-data',
  unit: `${process}.service`,
  container: '',
  podUid: '',
})
const user = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  uid: 1000,
  gid: 1000,
  entries: 1,
  home: `/home/${name}`,
  shell: '/bin/bash',
  system: false,
  interactive: true,
  homeMode: '0750',
  ...more,
})

t.test('a listener opens and closes, named by address, protocol and process', async t => {
  const before = { listeners: [listener(22)] }
  const after = { listeners: [listener(8080), listener(22)] }
  t.same(diffFacts(PortsFacet, before, after), [
    {
      change: 'added',
      field: 'listeners',
      key: '["tcp","ipv4","0.0.0.0",8080]',
      text: 'listener 0.0.0.0:8080/tcp by nginx opened',
      after: listener(8080),
    },
  ])
  t.same(texts(PortsFacet, after, before), ['listener 0.0.0.0:8080/tcp by nginx closed'])
})

t.test('an IPv6 address stands in brackets, and unknown holders are not named', async t => {
  const { holders: _, ...row } = listener(53, { family: 'ipv6', address: '::', protocol: 'udp' })
  t.same(texts(PortsFacet, { listeners: [] }, { listeners: [row] }), ['listener [::]:53/udp opened'])
})

t.test('a change inside a list of a row names both', async t => {
  const before = { listeners: [listener(80)] }
  const after = { listeners: [listener(80, { holders: [holder('nginx'), holder('caddy')] })] }
  t.match(diffFacts(PortsFacet, before, after), [
    {
      change: 'added',
      field: 'listeners.holders',
      key: /^\["tcp","ipv4","0\.0\.0\.0",80\] \["caddy",/,
      text: 'listener 0.0.0.0:80/tcp by nginx, caddy: holder caddy (www-data, caddy.service) added',
    },
  ])
})

t.test('users come, go and change', async t => {
  t.same(texts(AccountsFacet, { users: [] }, { users: [user('alice')] }), ['user alice added'])
  t.same(texts(AccountsFacet, { users: [user('alice')] }, { users: [] }), ['user alice removed'])
  t.same(texts(AccountsFacet, { users: [user('alice')] }, { users: [user('alice', { homeMode: '0777' })] }), [
    'user alice homeMode changed from 0750 to 0777',
  ])
})

t.test('a changed shell is a change of the user, although the shell is part of the key', async t => {
  const [change, ...others] = diffFacts(
    AccountsFacet,
    { users: [user('alice')] },
    { users: [user('alice', { shell: '/bin/sh' })] },
  )
  t.same(others, [])
  t.match(change, { change: 'changed', field: 'users.shell', before: '/bin/bash', after: '/bin/sh' })
  t.equal(change?.text, 'user alice shell changed from /bin/bash to /bin/sh')
})

t.test('a second entry of the same name is a new user, not a change', async t => {
  const twin = user('alice', { uid: 0 })
  t.same(texts(AccountsFacet, { users: [user('alice')] }, { users: [user('alice'), twin] }), ['user alice added'])
})

const module = (name: string, loaded: boolean, more: JsonObject = {}): JsonObject => ({
  name,
  loaded,
  blacklisted: false,
  installDisabled: false,
  denied: false,
  autoload: false,
  sources: [],
  ...more,
})

t.test('modules are loaded and unloaded, whether they were known before or not', async t => {
  const none = { modules: [] }
  const idle = { modules: [module('sctp', false)] }
  const loaded = { modules: [module('sctp', true)] }
  t.same(texts(KernelModulesFacet, idle, loaded), ['module sctp loaded'])
  t.same(texts(KernelModulesFacet, loaded, idle), ['module sctp unloaded'])
  t.same(texts(KernelModulesFacet, none, loaded), ['module sctp loaded'])
  t.same(texts(KernelModulesFacet, loaded, none), ['module sctp unloaded'])
  t.same(texts(KernelModulesFacet, none, idle), ['module sctp has a rule or a place on disk now'])
  t.same(texts(KernelModulesFacet, idle, { modules: [module('sctp', false, { blacklisted: true })] }), [
    'module sctp blacklisted changed from false to true',
  ])
})

const kubelet = (value: boolean, origin: string, source = 'file') => ({
  kubelets: [{ id: 'kubelet:/var/lib/kubelet', settings: { anonymousAuth: { value, source, origin } } }],
})

t.test('a setting of the kubelet says which place decided it', async t => {
  const file = '/var/lib/kubelet/config.yaml'
  t.same(texts(KubeletFacet, kubelet(false, file), kubelet(true, file)), [
    'kubelet:/var/lib/kubelet settings anonymousAuth changed from false to true (file /var/lib/kubelet/config.yaml)',
  ])
  t.same(texts(KubeletFacet, kubelet(true, file), kubelet(true, 'default of 1.30', 'default')), [
    'kubelet:/var/lib/kubelet settings anonymousAuth is now decided by default of 1.30, was file /var/lib/kubelet/config.yaml',
  ])
})

const rule = (position: number, toPort: string): JsonObject => ({
  family: 'ipv4',
  position,
  action: 'allow',
  direction: 'in',
  protocol: 'tcp',
  to: 'any',
  toPort,
  toApp: '',
  from: 'any',
  fromPort: 'any',
  fromApp: '',
  interfaceIn: '',
  interfaceOut: '',
  log: '',
  comment: '',
})

t.test('a rule put in front of others is one change, not a change of every rule after it', async t => {
  const before = { ufwRules: [rule(1, '22'), rule(2, '80')] }
  const after = { ufwRules: [rule(1, '443'), rule(2, '22'), rule(3, '80')] }
  t.same(texts(FirewallFacet, before, after), ['ufw rule allow in ipv4 from any to any port 443/tcp added'])
  const swapped = { ufwRules: [rule(1, '80'), rule(2, '22')] }
  t.same(texts(FirewallFacet, before, swapped), ['firewall ufwRules changed places'])
})

t.test('plain fields, records and sets', async t => {
  const host = (more: JsonObject) => ({ hostname: 'a', containerRuntimes: ['docker'], securityModules: ['x'], ...more })
  t.same(texts(HostFacet, host({}), host({ hostname: 'b' })), ['host hostname changed from a to b'])
  t.same(texts(HostFacet, host({ hostname: '' }), host({})), ['host hostname changed from (empty) to a'])
  t.same(texts(HostFacet, host({}), host({ containerRuntimes: ['containerd', 'docker'] })), [
    'container runtime containerd added',
  ])
  t.same(texts(HostFacet, host({}), host({ securityModules: ['x', 'y'] })), [
    'host securityModules changed from x to x, y',
  ])
  t.same(texts(HostFacet, host({ kernel: { release: '1' } }), host({ kernel: { release: '2' } })), [
    'host kernel release changed from 1 to 2',
  ])
})

const gap = { field: 'users.homeMode', effect: 'omitted', source: '/home', state: 'unreadable', detail: 'EACCES' }

t.test('what became unknown is told once, by its gap', async t => {
  const { homeMode: _, ...blind } = user('alice')
  const known = { users: [user('alice')], gaps: [] }
  const unknown = { users: [blind], gaps: [gap] }
  t.same(texts(AccountsFacet, known, unknown), ['users.homeMode from /home became unknown: unreadable (EACCES)'])
  t.same(texts(AccountsFacet, unknown, known), ['users.homeMode from /home is known again'])
})

t.test('what an old gap does not explain is told', async t => {
  const { homeMode: _, ...blind } = user('bob')
  const before = { users: [user('alice'), user('bob')], gaps: [gap] }
  t.same(texts(AccountsFacet, before, { users: [user('alice'), blind], gaps: [gap] }), [
    'user bob homeMode is no longer known',
  ])
})

t.test('a field that goes without a gap is told', async t => {
  const { homeMode: _, ...blind } = user('alice')
  t.same(texts(AccountsFacet, { users: [user('alice')] }, { users: [blind] }), [
    'user alice homeMode is no longer known',
  ])
  t.same(texts(AccountsFacet, { users: [blind] }, { users: [user('alice')] }), [
    'user alice homeMode is known now: 0750',
  ])
})

t.test('a field of a newer agent, without a schema here, is told by its name', async t => {
  t.same(texts(HostFacet, { future: [1] }, { future: [1, 2] }), ['host future changed from 1 to 1, 2'])
})

t.test('no text carries a control character or grows without bound', async t => {
  const nasty = `\u001b[31m\u202e${'x'.repeat(5000)}\n`
  const [change] = diffFacts(AccountsFacet, { users: [] }, { users: [user(nasty)] })
  t.ok(change && change.text.length <= 400)
  t.match(change?.text, /^user \\x1b\[31m\\u\{202e\}x+…$/)
})

for (const facet of facets) {
  t.test(`${facet.name}: any two facts that differ have changes, in plain text and with a place`, async t => {
    const state = arbitraryState(facet)
    fc.assert(
      fc.property(state, state, (before, after) => {
        const changes = diffFacts(facet, before.facts, after.facts)
        const plain = changes.every(({ text, field }) => text.length <= 400 && !hasInvisible(text) && field !== '')
        return plain && changes.length > 0 === (before.digest !== after.digest)
      }),
      { numRuns: 60 },
    )
    t.same(diffFacts(facet, { gaps: [] }, { gaps: [] }), [])
  })
}

t.test('every list that has words is a list of its facet', async t => {
  for (const path of Object.keys(words)) {
    const [property, ...steps] = path.split('.')
    const facet = facets.find(candidate => candidate.property === property)
    t.ok(facet, `${path}: the facet exists`)
    if (!facet) continue
    let fields = objectShape(facet.facts).fields
    for (const [index, step] of steps.entries()) {
      const shape = fields.get(step)
      t.equal(shape?.kind, 'list', `${path}: ${step} is a list`)
      if (shape?.kind === 'list' && shape.item.kind === 'object' && index < steps.length - 1) fields = shape.item.fields
    }
  }
})
