// Which clusters a configuration names, what a pod knows of its own, and what would send a token to the wrong place.
import { join } from 'node:path'
import t from 'tap'
import { ClustersSchema, resolveClusters } from '../../../../collector/auth/kubernetes/cluster.ts'

const environment = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' }
const remote = {
  ...{ name: 'east', apiServer: 'https://east.example:6443', caFile: '/etc/east/ca.crt', tokenFile: '/etc/east/token' },
  ...{ audience: 'gabion-east', serviceAccounts: ['gabion:gabion-agent'] },
}
const parse = (value: unknown) => ClustersSchema.parse(value)
const reason = (value: unknown) => ClustersSchema.safeParse(value).error?.issues[0]?.message ?? 'fits'

t.test('a pod knows its own cluster', t => {
  const mounted = t.testdir({ namespace: 'hardening\n' })
  const expected = {
    ...{
      name: 'local',
      apiServer: 'https://10.96.0.1:443',
      audience: 'gabion-collector',
      issuer: '',
      apiAudience: 'gabion-collector-api',
    },
    ...{ caFile: join(mounted, 'ca.crt'), tokenFile: join(mounted, 'token') },
    ...{ serviceAccounts: ['hardening:gabion-agent'], publishNamespace: 'hardening' },
    ...{ watchNodes: true, retireAfterMinutes: 10, policyReports: 'none' },
  }
  t.same(resolveClusters(parse(true), environment, mounted), [expected])
  const six = { ...environment, KUBERNETES_SERVICE_HOST: 'fd00::1' }
  t.match(resolveClusters(parse(true), six, mounted), [{ apiServer: 'https://[fd00::1]:443' }])
  const own = { name: 'prod', audience: 'x', apiAudience: 'y', serviceAccounts: ['a:b'], publishNamespace: 'c' }
  t.match(resolveClusters(parse([own]), environment, mounted), [{ ...expected, ...own }])
  t.same(parse(false), [])
  t.end()
})

t.test('outside of a pod there is no own cluster', t => {
  t.throws(() => resolveClusters(parse(true), {}, t.testdir({ namespace: 'x' })), {
    ...{ code: 'config', message: /kubernetes: this is no pod .*apiServer/ },
  })
  t.throws(() => resolveClusters(parse(true), environment, t.testdir({})), {
    ...{ code: 'config', message: /namespace: cannot be read \(ENOENT\)/ },
  })
  t.match(resolveClusters(parse([remote]), {}), [{ ...remote, issuer: '', publishNamespace: '' }], 'another one is')
  t.end()
})

t.test('a cluster elsewhere needs all of its files', t => {
  const needs = 'a cluster with apiServer also needs caFile, tokenFile and serviceAccounts'
  t.equal(reason([remote]), 'fits')
  for (const key of ['caFile', 'tokenFile', 'serviceAccounts'] as const) {
    const { [key]: _, ...others } = remote
    t.equal(reason([others]), needs, `without ${key}`)
  }
  t.equal(reason([{ name: 'x', tokenFile: '/x' }]), needs, 'nor does ours take files')
  t.end()
})

t.test('what is asked of nodes is told in words when it means nothing', t => {
  const retire = 'expected 5 to 525600 minutes in retireAfterMinutes, or 0 for never'
  for (const retireAfterMinutes of [0, 5, 525_600]) t.equal(reason([{ name: 'x', retireAfterMinutes }]), 'fits')
  for (const retireAfterMinutes of [-1, 1, 4, 7.5, 1e9, '10', null]) {
    t.equal(reason([{ name: 'x', retireAfterMinutes }]), retire, String(retireAfterMinutes))
  }
  t.equal(reason([{ name: 'x', policyReports: 'openreports' }]), 'fits')
  t.equal(
    reason([{ name: 'x', policyReports: 'kyverno' }]),
    'expected none, openreports or wgpolicyk8s in policyReports',
  )
  t.equal(reason([{ name: 'x', policyReports: 'openreports', watchNodes: false }]), 'policyReports needs watchNodes')
  t.equal(reason([{ name: 'x', watchNodes: 'no' }]), 'expected true or false in watchNodes')
  t.end()
})

t.test('a token fits one cluster only', t => {
  const west = { ...remote, name: 'west', apiServer: 'https://west.example:6443' }
  t.equal(reason([remote, west]), 'two clusters need another audience each, or another issuer each')
  t.equal(reason([remote, { ...west, issuer: 'https://w' }]), reason([remote, west]), 'one takes any issuer')
  t.equal(
    reason([
      { ...remote, issuer: 'https://e' },
      { ...west, issuer: 'https://w' },
    ]),
    'fits',
  )
  t.equal(reason([remote, { ...west, audience: 'gabion-west' }]), 'fits')
  t.equal(reason([remote, { ...remote, audience: 'z' }]), 'two clusters have the same name')
  t.equal(reason([{ name: 'a' }, { name: 'b', audience: 'z' }]), 'expected one cluster without apiServer')
  t.end()
})

t.test('what does not fit is named', t => {
  for (const [change, expected] of [
    [{ apiServer: 'http://x' }, /https:\/\/HOST:PORT in apiServer/],
    [{ apiServer: 'https://user@x' }, /in apiServer/],
    [{ apiServer: 'https://x/path?y' }, /in apiServer/],
    [{ name: 'East' }, /in name/],
    [{ name: 'a/b' }, /in name/],
    [{ serviceAccounts: ['gabion-agent'] }, /NAMESPACE:NAME in serviceAccounts/],
    [{ serviceAccounts: ['*:*'] }, /NAMESPACE:NAME in serviceAccounts/],
    [{ audience: '' }, /audience/],
    [{ publishNamespace: '../x' }, /publishNamespace/],
    [{ insecure: true }, /insecure/],
  ] as const) {
    t.match(reason([{ ...remote, ...change }]), expected)
  }
  t.match(reason('yes'), /expected true, or a list of clusters/)
  t.end()
})

t.test('tokens of users have an audience of their own, in every cluster', async t => {
  const given = { caFile: '/ca', tokenFile: '/token', serviceAccounts: ['gabion:agent'] }
  const cluster = (name: string, more: object = {}) => ({ ...given, name, apiServer: `https://${name}`, ...more })
  const parse = (...list: readonly object[]) => ClustersSchema.safeParse(list)
  t.match(parse(cluster('a', { audience: 'x' })).data, [{ audience: 'x', apiAudience: 'x-api' }])
  t.match(parse(cluster('a', { apiAudience: 'people' })).data, [{ apiAudience: 'people' }])
  t.match(parse(cluster('a', { apiAudience: 'gabion-collector' })).error?.issues, [{ message: /have to differ/ }])
  const shared = parse(cluster('a', { audience: 'x' }), cluster('b', { audience: 'y', apiAudience: 'x-api' }))
  t.match(shared.error?.issues, [{ message: /another audience each/ }])
})
