// Tests of the parser of structured authorization.
import fc from 'fast-check'
import t from 'tap'
import { parseAuthorizationConfiguration } from '../../../agent/parse/authorization-configuration.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\n'
const configuration = `${head}authorizers:
- type: Node
  name: node
- type: Webhook
  name: opa
  webhook: {timeout: 3s}
- type: RBAC
  name: rbac
`

t.test('authorizers are read in order', async t => {
  t.strictSame(parseAuthorizationConfiguration(configuration), {
    state: 'configuration',
    modes: ['Node', 'Webhook', 'RBAC'],
  })
})

t.test('what the API server refuses is malformed', async t => {
  t.match(parseAuthorizationConfiguration('kind: Pod\n'), { detail: 'kind is Pod, not AuthorizationConfiguration' })
  for (const authorizers of ['', '[]', '[{name: x}]', '[Node]', '{type: Node}']) {
    t.match(
      parseAuthorizationConfiguration(`${head}authorizers: ${authorizers}\n`),
      { state: 'malformed' },
      authorizers,
    )
  }
})

t.test('any authorizers are read back in order', async t => {
  readsAs(
    fc.array(fc.record({ type: fc.string(), name: fc.string() }), { minLength: 1, maxLength: 5 }),
    authorizers => ({ kind: 'AuthorizationConfiguration', authorizers }),
    parseAuthorizationConfiguration,
    authorizers => ({ state: 'configuration', modes: authorizers.map(({ type }) => type) }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseAuthorizationConfiguration, configuration)
})
