// Tests of the parsers of kube-scheduler's and kube-proxy's configuration files.
import fc from 'fast-check'
import t from 'tap'
import { parseProxyConfig, parseSchedulerConfig } from '../../../agent/parse/component-config.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const scheduler =
  'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nenableProfiling: false\n'
const proxy = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
metricsBindAddress: 0.0.0.0:10249
healthzBindAddress: ""
`

t.test('a scheduler profiles unless its file says otherwise', async t => {
  t.match(parseSchedulerConfig(scheduler), { enableProfiling: false })
  t.match(parseSchedulerConfig('kind: KubeSchedulerConfiguration\n'), { enableProfiling: true })
  t.match(parseSchedulerConfig('kind: KubeSchedulerConfiguration\nenableProfiling: "no"\n'), { state: 'malformed' })
  t.match(parseSchedulerConfig('kind: Policy\n'), { detail: 'kind is Policy, not KubeSchedulerConfiguration' })
})

t.test('addresses of a kube-proxy are read, empty where nothing is said', async t => {
  t.strictSame(parseProxyConfig(proxy), {
    state: 'configuration',
    metricsBindAddress: '0.0.0.0:10249',
    healthzBindAddress: '',
  })
  t.match(parseProxyConfig('kind: KubeProxyConfiguration\nmetricsBindAddress: 7\n'), { metricsBindAddress: '' })
  t.match(parseProxyConfig('{}'), { detail: 'kind is missing, not KubeProxyConfiguration' })
})

t.test('both addresses of a kube-proxy are text or nothing', async t => {
  t.strictSame(parseProxyConfig('kind: KubeProxyConfiguration\nhealthzBindAddress: "[::]:10256"\n'), {
    state: 'configuration',
    metricsBindAddress: '',
    healthzBindAddress: '[::]:10256',
  })
  t.match(parseProxyConfig('kind: KubeProxyConfiguration\nhealthzBindAddress: [1]\n'), { healthzBindAddress: '' })
  t.strictSame(parseSchedulerConfig('kind: KubeSchedulerConfiguration\nenableProfiling: 1\n'), {
    state: 'malformed',
    line: 0,
    detail: 'enableProfiling is not a boolean',
  })
  t.strictSame(parseSchedulerConfig(scheduler), { state: 'configuration', enableProfiling: false })
})

t.test('any addresses of a kube-proxy are read back', async t => {
  readsAs(
    fc.record({ metricsBindAddress: fc.string(), healthzBindAddress: fc.string() }),
    addresses => ({ kind: 'KubeProxyConfiguration', ...addresses }),
    parseProxyConfig,
    addresses => ({ state: 'configuration', ...addresses }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks them', async t => {
  survivesBrokenText(t, parseSchedulerConfig, scheduler)
  survivesBrokenText(t, parseProxyConfig, proxy)
})
