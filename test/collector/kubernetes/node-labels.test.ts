// Labels that a Node object gives its host: which are kept, what they are called, and what is no label.
import fc from 'fast-check'
import t from 'tap'
import { nodeOf, ownLabels } from '../../../collector/kubernetes/node-labels.ts'

const node = (labels: unknown, change: object = {}) =>
  nodeOf({ kind: 'Node', metadata: { name: 'node-a', uid: 'u-1', labels, ...change } }, 'east')
const labelsOf = (labels: unknown): Record<string, string> => JSON.parse(node(labels)?.labels ?? 'null')
const made = { 'gabion.io/cluster': 'east', 'gabion.io/role': 'worker' }

t.test('labels keep their names, and cluster and role come to them', t => {
  const given = {
    ...{ 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/zone': 'z-1', team: 'web', 'example.org/tier': '' },
    ...{ 'node-restriction.kubernetes.io/pci': 'yes', '7': 'seven' },
  }
  t.same(labelsOf(given), { ...made, ...given })
  t.same(labelsOf(undefined), made)
  t.same(labelsOf(null), made)
  t.end()
})

t.test('roles are those of their labels, in order, whatever the values', t => {
  const role = (...roles: readonly string[]) =>
    labelsOf(Object.fromEntries(roles.map(one => [`node-role.kubernetes.io/${one}`, ''])))['gabion.io/role']
  t.equal(role(), 'worker')
  t.equal(role('control-plane'), 'control-plane')
  t.equal(role('master', 'control-plane'), 'control-plane', 'the old name of the same')
  t.equal(role('ingress', 'etcd'), 'etcd,ingress')
  t.equal(labelsOf({ 'node-role.kubernetes.io/gpu': 'true' })['gabion.io/role'], 'gpu')
  t.end()
})

t.test('what is no label, and what only Gabion gives, is left out', t => {
  const hostile = {
    ...{ '<img src=x>': 'a', 'a/b/c': 'a', '/a': 'a', 'a/': 'a', '': 'a', [`${'a'.repeat(64)}`]: 'a', 'UPPER/a': 'a' },
    ...{
      html: '<script>',
      sql: "' or 1=1",
      ansi: '\u001b[2J',
      long: 'a'.repeat(64),
      number: 7,
      list: ['a'],
      none: null,
    },
    ...{ 'gabion.io/role': 'control-plane', 'gabion.io/cluster': 'west', 'x.gabion.io/a': 'b' },
  }
  t.same(labelsOf({ ...hostile, good: 'one' }), { ...made, good: 'one' })
  t.same(labelsOf(JSON.parse('{"__proto__":"x","constructor":"y"}')), { ...made, constructor: 'y' })
  t.same(labelsOf(['a', 'b']), made)
  t.end()
})

t.test('a flood is cut: labels of Kubernetes stay first', t => {
  const flood = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`a${index}`, 'x'.repeat(63)]))
  const kept = labelsOf({ ...flood, 'zone.kubernetes.io/z': 'here' })
  t.equal(kept['zone.kubernetes.io/z'], 'here')
  t.match(kept, made)
  t.ok(Object.keys(kept).length <= 128)
  t.ok(JSON.stringify(kept).length < 10_000)
  const few = labelsOf(Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`a${index}`, ''])))
  t.equal(Object.keys(few).length, 128)
  t.end()
})

t.test('what is no node is none', t => {
  t.equal(nodeOf(undefined, 'east'), undefined)
  t.equal(nodeOf([], 'east'), undefined)
  t.equal(nodeOf({ metadata: 'x' }, 'east'), undefined)
  t.equal(node({}, { uid: 7 }), undefined)
  t.equal(node({}, { uid: 'a b' }), undefined)
  t.equal(node({}, { uid: '' }), undefined)
  t.equal(node({}, { name: '../x' }), undefined)
  t.end()
})

t.test('whatever comes, what is kept are labels; equal labels are equal texts', t => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything()), given => {
      const kept = labelsOf(given)
      const isSound = Object.entries(kept).every(([key, value]) => key !== '' && /^[\w.,-]*$/.test(value))
      const reversed = Object.fromEntries(Object.entries(given).reverse())
      return isSound && node(given)?.labels === node(reversed)?.labels
    }),
  )
  t.end()
})

t.test('an agent on a node gives itself no labels that speak for the cluster', t => {
  const own = { team: 'a', 'example.org/x': 'b', 'notkubernetes.io/x': 'c', 'kubernetes.io': 'd' }
  const reserved = {
    'kubernetes.io/os': 'x',
    'topology.kubernetes.io/zone': 'x',
    'a.k8s.io/b': 'x',
    'gabion.io/role': 'x',
  }
  t.same(ownLabels({ ...own, ...reserved }, true), own)
  const { 'gabion.io/role': _, ...others } = reserved
  t.same(ownLabels({ ...own, ...reserved }, false), { ...own, ...others }, 'elsewhere only not those of the collector')
  t.end()
})
