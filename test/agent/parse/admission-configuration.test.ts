// Tests of the parser of admission control configurations.
import fc from 'fast-check'
import t from 'tap'
import {
  defaultAllowOf,
  enforcedByDefault,
  parseAdmissionConfiguration,
} from '../../../agent/parse/admission-configuration.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\n'
const configuration = `${head}plugins:
- name: ImagePolicyWebhook
  path: image-policy.yaml
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1
    kind: PodSecurityConfiguration
    defaults: {enforce: baseline}
- name: EventRateLimit
`

t.test('plugins are read with their configuration or the file of it', async t => {
  t.match(parseAdmissionConfiguration(configuration), {
    state: 'configuration',
    plugins: [
      { name: 'ImagePolicyWebhook', configuration: undefined, path: 'image-policy.yaml' },
      { name: 'PodSecurity', configuration: { defaults: { enforce: 'baseline' } }, path: '' },
      { name: 'EventRateLimit', configuration: undefined, path: '' },
    ],
  })
  t.match(parseAdmissionConfiguration(head), { plugins: [] })
})

t.test('a webhook that lets images in when it is away is told, wherever the setting stands', async t => {
  t.equal(defaultAllowOf({ imagePolicy: { defaultAllow: true } }), true)
  t.equal(defaultAllowOf({ defaultAllow: true }), true)
  t.equal(defaultAllowOf({ imagePolicy: { defaultAllow: 'true' } }), false)
  t.equal(defaultAllowOf({ imagePolicy: {} }), false)
  t.equal(defaultAllowOf(undefined), false)
})

t.test('pod security without a default is privileged', async t => {
  t.equal(enforcedByDefault({ defaults: { enforce: 'restricted' } }), 'restricted')
  for (const configuration of [undefined, {}, { defaults: null }, { defaults: { enforce: 'none' } }]) {
    t.equal(enforcedByDefault(configuration), 'privileged')
  }
})

t.test('what the API server refuses is malformed', async t => {
  t.match(parseAdmissionConfiguration('kind: Pod\n'), { detail: 'kind is Pod, not AdmissionConfiguration' })
  t.match(parseAdmissionConfiguration(`${head}plugins: {}\n`), { line: 3, detail: 'plugins is not a list' })
  t.match(parseAdmissionConfiguration(`${head}plugins:\n- path: x\n`), { line: 4, detail: 'a plugin has no name' })
})

t.test('any plugins are read back in order', async t => {
  const configuration = fc.option(fc.record({ defaultAllow: fc.boolean(), level: fc.string() }), { nil: undefined })
  readsAs(
    fc.array(fc.record({ name: fc.string(), configuration, path: fc.string() }), { maxLength: 5 }),
    plugins => ({ kind: 'AdmissionConfiguration', plugins }),
    parseAdmissionConfiguration,
    plugins => ({
      state: 'configuration',
      plugins: plugins.map(({ name, configuration: own, path }) => ({
        name,
        configuration: own && { ...own },
        path,
      })),
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseAdmissionConfiguration, configuration)
})
