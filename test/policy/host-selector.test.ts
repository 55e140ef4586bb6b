import t from 'tap'
import { everyHost, type HostSelector, matchesGlob, selectsHost } from '../../policy/host-selector.ts'

const host = { id: 'h-1', hostname: 'Web-01.example.org', labels: { role: 'web', zone: 'a', empty: '' } }
const selects = (selector: Partial<HostSelector>) => selectsHost({ ...everyHost, ...selector }, host)
const expression = (key: string, operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]) =>
  selects({ matchExpressions: [{ key, operator, values }] })

t.test('a selector that asks nothing takes every host', async t => {
  t.equal(selects({}), true)
})

t.test('of ids one must be the host’s, of names one must fit without regard to case', async t => {
  t.equal(selects({ ids: ['h-2', 'h-1'] }), true)
  t.equal(selects({ ids: ['h-2'] }), false)
  t.equal(selects({ hostnames: ['db-*', 'web-*'] }), true)
  t.equal(selects({ hostnames: ['web'] }), false)
  t.equal(selects({ ids: ['h-1'], hostnames: ['db-*'] }), false, 'everything that is named must hold')
})

t.test('labels match as a whole', async t => {
  t.equal(selects({ matchLabels: { role: 'web', zone: 'a' } }), true)
  t.equal(selects({ matchLabels: { role: 'web', zone: 'b' } }), false)
  t.equal(selects({ matchLabels: { absent: '' } }), false)
  t.equal(selects({ matchLabels: { empty: '' } }), true)
  t.equal(selects({ matchLabels: { constructor: 'Object' } }), false, 'nor is what every object has a label')
})

t.test('expressions hold as they do in Kubernetes', async t => {
  t.equal(expression('role', 'In', 'db', 'web'), true)
  t.equal(expression('role', 'In', 'db'), false)
  t.equal(expression('absent', 'In', 'db'), false)
  t.equal(expression('role', 'NotIn', 'db'), true)
  t.equal(expression('role', 'NotIn', 'web'), false)
  t.equal(expression('absent', 'NotIn', 'db'), true, 'also for a host without the label')
  t.equal(expression('empty', 'Exists'), true)
  t.equal(expression('absent', 'Exists'), false)
  t.equal(expression('absent', 'DoesNotExist'), true)
  t.equal(expression('toString', 'DoesNotExist'), true)
})

t.test('globs fit the whole text', async t => {
  const fits = (glob: string, text: string) => matchesGlob(glob, text)
  t.equal(fits('*', ''), true)
  t.equal(fits('', ''), true)
  t.equal(fits('', 'a'), false)
  t.equal(fits('kubelet-*', 'kubelet-x'), true)
  t.equal(fits('kubelet-*', 'a-kubelet-x'), false)
  t.equal(fits('*-mode', 'kubelet-mode-x'), false)
  t.equal(fits('a*b*c', 'axxbxxbc'), true)
  t.equal(fits('a?c', 'abc'), true)
  t.equal(fits('a?c', 'ac'), false)
  t.equal(fits('a.c', 'abc'), false, 'nothing else has a meaning')
})

t.test('a hostile glob over a long text is answered', async t => {
  t.equal(matchesGlob(`${'a*'.repeat(2000)}b`, 'a'.repeat(5000)), false)
})
