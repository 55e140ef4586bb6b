// Tests of the parser of structured authentication.
import fc from 'fast-check'
import t from 'tap'
import { parseAuthenticationConfiguration } from '../../../agent/parse/authentication-configuration.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n'
const configuration = `${head}jwt: []
anonymous:
  enabled: true
  conditions:
  - path: /livez
  - path: /readyz
`

t.test('anonymous requests are told by the paths that let them in', async t => {
  const pathsOf = (text: string) => {
    const parsed = parseAuthenticationConfiguration(text)
    return parsed.state === 'configuration' ? parsed.anonymousPaths : parsed
  }
  t.strictSame(pathsOf(configuration), ['/livez', '/readyz'])
  t.strictSame(pathsOf(`${head}anonymous: {enabled: true}\n`), ['*'])
  t.strictSame(pathsOf(`${head}anonymous: {enabled: false}\n`), [])
  t.strictSame(pathsOf(`${head}anonymous: {}\n`), [])
  t.strictSame(pathsOf(head), undefined, 'the flag decides')
})

t.test('what the API server refuses is malformed', async t => {
  t.match(parseAuthenticationConfiguration('kind: Pod\n'), { detail: 'kind is Pod, not AuthenticationConfiguration' })
  t.match(parseAuthenticationConfiguration(`${head}anonymous: {enabled: "no way"}\n`), { state: 'malformed', line: 3 })
  t.match(parseAuthenticationConfiguration(`${head}anonymous: {enabled: true, conditions: [1]}\n`), {
    state: 'malformed',
    detail: 'not a list of paths',
  })
})

t.test('anonymous requests are let in to the very paths that are named, and only where they are enabled', async t => {
  readsAs(
    fc.record({ enabled: fc.boolean(), paths: fc.array(fc.string(), { maxLength: 4 }) }),
    ({ enabled, paths }) => ({
      kind: 'AuthenticationConfiguration',
      anonymous: { enabled, conditions: paths.map(path => ({ path })) },
    }),
    parseAuthenticationConfiguration,
    ({ enabled, paths }) => ({
      state: 'configuration',
      anonymousPaths: !enabled ? [] : paths.length === 0 ? ['*'] : paths,
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseAuthenticationConfiguration, configuration)
})
