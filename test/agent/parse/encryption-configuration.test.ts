// Tests of the parser of encryption provider configurations.
import { doesNotMatch } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseEncryptionConfiguration, providersOf } from '../../../agent/parse/encryption-configuration.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n'
const configuration = `${head}resources:
- resources: [secrets, configmaps]
  providers:
  - kms: {apiVersion: v2, name: vault, endpoint: unix:///run/kms.sock}
  - kms: {name: old, endpoint: unix:///run/old.sock}
  - aescbc: {keys: [{name: key1, secret: Y2FuYXJ5NGYxZQ==}]}
  - secretbox: {keys: [{name: key2, secret: canary4f1e}]}
  - identity: {}
- resources: ['*.apps']
  providers: [{identity: {}}]
- resources: ['*.*']
  providers: [{aesgcm: {keys: []}}]
`

t.test('kinds of providers are read in order, keys never', async t => {
  const parsed = parseEncryptionConfiguration(configuration)
  if (parsed.state !== 'configuration') throw new Error(parsed.detail)
  t.strictSame(parsed.groups, [
    { resources: ['secrets', 'configmaps'], providers: ['kms v2', 'kms v1', 'aescbc', 'secretbox', 'identity'] },
    { resources: ['*.apps'], providers: ['identity'] },
    { resources: ['*.*'], providers: ['aesgcm'] },
  ])
  t.notMatch(JSON.stringify(parsed), /canary|Y2FuYXJ5/)
})

t.test('of the groups that name a resource the first counts', async t => {
  const parsed = parseEncryptionConfiguration(configuration)
  if (parsed.state !== 'configuration') throw new Error(parsed.detail)
  t.equal(providersOf(parsed, 'secrets')[0], 'kms v2')
  t.strictSame(providersOf(parsed, 'deployments.apps'), ['identity'])
  t.strictSame(providersOf(parsed, 'pods'), ['aesgcm'])
  const core = parseEncryptionConfiguration(`${head}resources: [{resources: ['*.'], providers: [{identity: {}}]}]\n`)
  if (core.state !== 'configuration') throw new Error(core.detail)
  t.strictSame(providersOf(core, 'secrets'), ['identity'], 'all of the core group')
  t.strictSame(providersOf(core, 'deployments.apps'), [])
})

t.test('the older kind is read, what the API server refuses is malformed', async t => {
  const old = 'kind: EncryptionConfig\nresources: [{resources: [secrets], providers: [{identity: {}}]}]\n'
  t.match(parseEncryptionConfiguration(old), { state: 'configuration' })
  const rows: readonly (readonly [string, number, string])[] = [
    ['kind: Secret\n', 0, 'kind is Secret, not EncryptionConfiguration'],
    [head, 1, 'resources is not a list'],
    [`${head}resources:\n- resources: [secrets]\n`, 4, 'not a list of resources with their providers'],
    [
      `${head}resources:\n- resources: [secrets]\n  providers: [{rot13: {}}]\n`,
      4,
      'not a list of resources with their providers',
    ],
    [
      `${head}resources:\n- resources: [secrets]\n  providers: [{identity: {}, aescbc: {}}]\n`,
      4,
      'not a list of resources with their providers',
    ],
  ]
  for (const [text, line, detail] of rows) {
    t.strictSame(parseEncryptionConfiguration(text), { state: 'malformed', line, detail }, text)
  }
})

t.test('any groups are read back as their resources and kinds of providers', async t => {
  const keys = fc.record({
    keys: fc.array(fc.record({ name: fc.string(), secret: fc.base64String() }), { maxLength: 2 }),
  })
  const kms = fc.constantFrom('v1', 'v2')
  const provider = fc.oneof(
    fc.record({ aescbc: keys }),
    fc.record({ aesgcm: keys }),
    fc.record({ secretbox: keys }),
    fc.record({ identity: fc.constant({}) }),
    fc.record({ kms: fc.record({ apiVersion: kms, endpoint: fc.string() }) }),
  )
  const group = fc.record({
    resources: fc.array(fc.string(), { maxLength: 3 }),
    providers: fc.array(provider, { maxLength: 4 }),
  })
  readsAs(
    fc.array(group, { maxLength: 3 }),
    resources => ({ kind: 'EncryptionConfiguration', resources }),
    parseEncryptionConfiguration,
    groups => ({
      state: 'configuration',
      groups: groups.map(({ resources, providers }) => ({
        resources,
        providers: providers.map(one => ('kms' in one ? `kms ${one.kms.apiVersion}` : Object.keys(one)[0])),
      })),
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it and no key comes out of it', async t => {
  const keyless = (text: string) => {
    const parsed = parseEncryptionConfiguration(text)
    doesNotMatch(JSON.stringify(parsed), /canary4f1e|Y2FuYXJ5/)
    return parsed
  }
  survivesBrokenText(t, keyless, configuration)
})
