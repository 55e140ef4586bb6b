// Tests of the words in which drift speaks of rows: every list that has words, row by row.
import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { gapWords, rowOf, words } from '../../policy/words.ts'
import type { JsonValue } from '../../proto/facet.ts'

const holder = { process: 'nginx', user: 'www-data', unit: 'nginx.service', uid: 33 }
const listener = { protocol: 'tcp', address: '::', port: 80, family: 'ipv6', holders: [holder, holder] }
const ufwRule = {
  action: 'allow',
  direction: 'in',
  family: 'ipv4',
  from: 'any',
  to: 'any',
  toPort: '22',
  protocol: 'tcp',
}
const sudoRule = { who: '%dev', commands: ['/a', '/b'], runAs: 'root', all: false, nopasswd: true }

/** Path of a list, a row of it, what it is called, and what is said when it comes and goes; undefined for the usual. */
const rows: readonly (readonly [string, JsonValue, string, came?: string, went?: string])[] = [
  ['ports.listeners', listener, 'listener [::]:80/tcp by nginx', 'opened', 'closed'],
  ['ports.listeners', { ...listener, address: '0.0.0.0', holders: [] }, 'listener 0.0.0.0:80/tcp', 'opened', 'closed'],
  ['ports.listeners.holders', holder, 'holder nginx (www-data, nginx.service)'],
  ['ports.listeners.holders', { ...holder, user: '', unit: '' }, 'holder nginx (uid 33)'],
  ['accounts.users', { name: 'alice' }, 'user alice'],
  ['accounts.users.authorizedKeys', { type: 'ssh-rsa' }, 'authorized keys of type ssh-rsa'],
  ['accounts.groups', { name: 'dev' }, 'group dev'],
  ['accounts.groups.members', 'bob', 'member bob'],
  ['accounts.groups.primaryMembers', 'bob', 'primary member bob'],
  ['accounts.privilegedMembers', { user: 'bob', via: 'gid', group: 'sudo' }, 'member bob (gid) of group sudo'],
  ['accounts.legacyEntries', { entry: '+', path: '/etc/passwd' }, 'NIS entry + in /etc/passwd'],
  ['accounts.sudoRules', sudoRule, 'sudo rule for %dev on /a, /b as root without password'],
  ['accounts.sudoRules', { ...sudoRule, all: true, nopasswd: false }, 'sudo rule for %dev on all commands as root'],
  ['kernelModules.modules', { name: 'sctp', loaded: true }, 'module sctp', 'loaded', 'unloaded'],
  [
    'kernelModules.modules',
    { name: 'sctp', loaded: false },
    'module sctp',
    'has a rule or a place on disk now',
    'has no rule and no place on disk any more',
  ],
  ['kernelModules.modules.sources', { directive: 'blacklist', path: '/x', line: 3 }, 'blacklist line in /x:3'],
  ['kernelModules.hiddenFiles', '/x', 'masked file /x'],
  ['kernelModules.taintFlags', 'P', 'kernel taint P'],
  ['firewall.ufwRules', ufwRule, 'ufw rule allow in ipv4 from any to any port 22/tcp'],
  ['firewall.ufwRules', { ...ufwRule, toApp: 'SSH', fromApp: 'Web' }, 'ufw rule allow in ipv4 from Web to SSH'],
  ['firewall.chains', { source: 'nft', family: 'ip', table: 'filter', chain: 'in' }, 'nft chain ip filter in'],
  [
    'firewall.exposures',
    { ...listener, verdict: 'dropped', condition: '', decidedBy: 'policy' },
    'reach of [::]:80/tcp by ipv6',
    'dropped (policy)',
    'is gone with the port',
  ],
  [
    'firewall.exposures',
    { ...listener, verdict: 'conditional', condition: 'from 10.0.0.0/8', decidedBy: 'INPUT' },
    'reach of [::]:80/tcp by ipv6',
    'conditional from 10.0.0.0/8 (INPUT)',
    'is gone with the port',
  ],
  ['host.bootParameters', { name: 'quiet', value: '' }, 'boot parameter quiet'],
  ['host.bootParameters', { name: 'audit', value: '1' }, 'boot parameter audit=1'],
  ['host.containerRuntimes', 'containerd', 'container runtime containerd'],
  ['host.kubernetesRoles', 'worker', 'Kubernetes role worker'],
  ['apparmor.profiles', { name: 'x', mode: 'enforce' }, 'AppArmor profile x', 'loaded in mode enforce', 'unloaded'],
  ['apparmor.files', { path: '/etc/x' }, 'AppArmor profile file /etc/x'],
  [
    'apparmor.unconfinedWithProfile',
    { executable: '/x', profile: 'p' },
    '/x without its AppArmor profile p',
    'runs',
    'runs no longer',
  ],
  ['seccomp.profiles', { path: '/x' }, 'seccomp profile /x'],
  ['seccomp.directories', { path: '/x' }, 'seccomp directory /x'],
  ['seccomp.actionsAvailable', 'kill', 'seccomp action kill'],
  ['kubelet.kubelets', { id: 'kubelet' }, 'kubelet'],
  ['kubelet.kubelets.unknownKeys', 'x', 'unknown key x'],
  ['kubelet.kubelets.ignoredDropIns', 'x', 'ignored drop-in x'],
  ['kubelet.endpoints', { kubelet: 'kubelet', endpoint: 'healthz' }, 'kubelet endpoint healthz'],
  ['kubelet.files', { role: 'config', path: '/x' }, 'config /x'],
  ['files.paths', { path: '/x' }, '/x', 'is there', 'is gone'],
  ['files.mounts', { path: '/x' }, 'mount of /x'],
  ['files.fileSystems', '/x', 'walked file system /x'],
  ['files.setIdFiles', { path: '/x', mode: '4755' }, 'set-id file /x (4755)'],
  ['files.capabilityFiles', { path: '/x', permitted: ['a', 'b'] }, 'file /x with a, b'],
  ['files.worldWritableFiles', '/x', 'world-writable file /x'],
  ['files.worldWritableDirectories', '/x', 'world-writable directory /x without sticky bit'],
  ['files.unowned', { path: '/x', uid: 5, gid: 6 }, '/x of nobody (5:6)'],
]

t.test('every list has its words for a row, one that comes and one that goes', async t => {
  for (const [path, value, subject, came, went] of rows) {
    const spoken = words[path]
    const row = rowOf(value)
    t.strictSame(
      [spoken?.subject(row), spoken?.came?.(row), spoken?.went?.(row)],
      [subject, came, went],
      `${path}: ${subject}`,
    )
  }
  t.strictSame(
    Object.keys(words).filter(path => !rows.some(([name]) => name === path)),
    [],
    'lists that nothing is held of',
  )
})

t.test('what tells a row from another is its name, or its place in an order', async t => {
  const of = (key: 'identity' | 'position') =>
    Object.entries(words).flatMap(([path, spoken]) => (spoken[key] === undefined ? [] : [[path, spoken[key]]]))
  t.strictSame(of('identity'), [
    ['accounts.users', ['name', 'uid']],
    ['accounts.groups', ['name']],
  ])
  t.strictSame(of('position'), [
    ['accounts.sudoRules', 'position'],
    ['firewall.ufwRules', 'position'],
    ['host.bootParameters', 'position'],
  ])
})

t.test('a module is loaded or unloaded, its other fields have the usual words', async t => {
  const field = words['kernelModules.modules']?.field
  t.strictSame(
    [field?.('loaded', false, true), field?.('loaded', true, false), field?.('loaded', true, undefined)],
    ['loaded', 'unloaded', undefined],
  )
  t.equal(field?.('denied', false, true), undefined)
})

t.test('a gap says what is not known and why', async t => {
  const gap = { field: 'users', source: '/etc/shadow', effect: 'omitted', state: 'unreadable', detail: 'EACCES' }
  t.equal(gapWords.subject(rowOf(gap)), 'users from /etc/shadow')
  t.equal(gapWords.came?.(rowOf(gap)), 'became unknown: unreadable (EACCES)')
  t.equal(gapWords.came?.(rowOf({ ...gap, effect: 'incomplete', detail: '' })), 'may lack rows: unreadable')
  t.equal(gapWords.went?.(rowOf(gap)), 'is known again')
})

t.test('any row answers for its own fields, and for others with nothing', async () => {
  const name = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'length')
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(name, fc.jsonValue())), name, (json, asked) => {
      // Facts hold no null.
      if (JSON.stringify(json).includes('null')) return
      const value = json as JsonValue
      const isObject = Object.prototype.toString.call(value) === '[object Object]'
      const own = isObject ? new Map(Object.entries(value)).get(asked) : undefined
      const row = rowOf(value)
      deepEqual([row.has(asked), row.flag(asked)], [own !== undefined, own === true])
      deepEqual(row.text(asked), ['string', 'number', 'boolean'].includes(typeof own) ? `${own}` : '')
      deepEqual(
        row.rows(asked).map(one => one.value),
        Array.isArray(own) ? own : [],
      )
      deepEqual(row.text(''), typeof value === 'object' ? '' : `${value}`)
    }),
    { numRuns: 300 },
  )
})
