// Tests of what an audit policy records, by the first rule that matches.
import fc from 'fast-check'
import t from 'tap'
import { auditFacts, noAuditPolicy } from '../../../agent/control-plane/audit-coverage.ts'
import { auditLevels, parseAuditPolicy } from '../../../agent/parse/audit-policy.ts'

function factsOf(rules: string) {
  const policy = parseAuditPolicy(`apiVersion: audit.k8s.io/v1\nkind: Policy\n${rules}`)
  if (policy.state !== 'policy') throw new Error(policy.detail)
  return auditFacts(policy, '/etc/kubernetes/audit.yaml')
}

function levelsOf(rules: string, request: string): readonly string[] {
  const row = factsOf(rules).coverage.find(one => one.request === request)
  return row ? [row.least, row.most] : []
}

t.test('a catch-all records everything alike, and rules after it are never reached', async t => {
  const facts = factsOf('rules:\n- level: Metadata\n- level: RequestResponse\n- level: None\n')
  t.match(facts, { rules: 3, unreachableRules: 2, metadataRules: 1, requestResponseRules: 1, logsNothing: false })
  for (const row of facts.coverage) t.match(row, { least: 'Metadata', most: 'Metadata' }, row.request)
})

t.test('the first rule that matches counts, not the strictest', async t => {
  const secrets = '- level: RequestResponse\n  resources: [{group: "", resources: [secrets]}]\n'
  const metadata = '- level: Metadata\n  resources: [{group: "", resources: [secrets, configmaps]}]\n'
  t.strictSame(levelsOf(`rules:\n${metadata}${secrets}`, 'secrets'), ['Metadata', 'Metadata'])
  t.strictSame(levelsOf(`rules:\n${secrets}${metadata}`, 'secrets'), ['RequestResponse', 'RequestResponse'])
  t.strictSame(levelsOf(`rules:\n${secrets}${metadata}`, 'configmaps'), ['Metadata', 'Metadata'])
  t.strictSame(levelsOf(`rules:\n${secrets}`, 'pods/exec'), ['None', 'None'], 'no rule matches: nothing is recorded')
})

t.test('a rule for some users, groups, namespaces or names takes only some requests', async t => {
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['users: [alice]', ['None', 'Request']],
    ['userGroups: ["system:nodes"]', ['None', 'Request']],
    ['userGroups: ["system:authenticated"]', ['Request', 'Request']],
    ['namespaces: [kube-system]', ['None', 'Request']],
    ['resources: [{group: "", resources: [secrets], resourceNames: [one]}]', ['None', 'Request']],
    ['verbs: [get]', ['None', 'Request']],
    ['verbs: [get, list, watch, create, update, patch, delete, deletecollection]', ['Request', 'Request']],
  ]
  for (const [condition, levels] of rows) {
    t.strictSame(levelsOf(`rules:\n- level: Request\n  ${condition}\n`, 'secrets'), levels, condition)
  }
  const before = 'rules:\n- {level: None, users: ["system:apiserver"]}\n- {level: Metadata}\n'
  t.strictSame(levelsOf(before, 'secrets'), ['Metadata', 'Metadata'], 'others are recorded')
})

t.test('resources match by group, whole name or pattern', async t => {
  const matches = (request: string, group: string, resource: string) =>
    levelsOf(
      `rules:\n- level: Metadata\n  resources: [{group: "${group}", resources: ["${resource}"]}]\n`,
      request,
    )[1] === 'Metadata'
  t.ok(matches('pods/exec', '', 'pods/exec'))
  t.ok(matches('pods/exec', '', 'pods/*'))
  t.ok(matches('pods/exec', '', '*/exec'))
  t.ok(matches('pods/exec', '', '*'))
  t.notOk(matches('pods/exec', '', 'pods'), 'a subresource is not its resource')
  t.notOk(matches('pods/exec', 'apps', '*'), 'another group')
  t.ok(matches('changes of pods', '', 'pods/*'))
  t.notOk(matches('changes of deployments', '', '*'))
  t.ok(matches('changes of deployments', 'apps', 'deployments'))
  t.ok(levelsOf('rules:\n- level: Metadata\n  resources: [{group: ""}]\n', 'secrets')[0] === 'Metadata')
})

t.test('objects outside namespaces are those of the empty one, URLs are no resources', async t => {
  t.strictSame(levelsOf('rules:\n- {level: Metadata, namespaces: [default]}\n', 'tokenreviews'), ['None', 'None'])
  t.strictSame(levelsOf('rules:\n- {level: Metadata, namespaces: [""]}\n', 'tokenreviews'), ['Metadata', 'Metadata'])
  t.strictSame(levelsOf('rules:\n- {level: Request, nonResourceURLs: ["*"]}\n', 'secrets'), ['None', 'None'])
})

t.test('what leaves out every stage records nothing', async t => {
  const all = 'omitStages: [RequestReceived, ResponseComplete]\n'
  t.match(factsOf(`${all}rules: [{level: Request}]\n`), { logsNothing: false }, 'what stays open has a third stage')
  t.strictSame(levelsOf(`${all}rules: [{level: Request}]\n`, 'tokenreviews'), ['None', 'None'])
  t.strictSame(levelsOf(`${all}rules: [{level: Request}]\n`, 'pods/exec'), ['Request', 'Request'])
  const every = 'omitStages: [RequestReceived, ResponseStarted, ResponseComplete]\n'
  t.match(factsOf(`${every}rules: [{level: Request}]\n`), { logsNothing: true })
})

t.test('a policy that records nothing is told, however it says so', async t => {
  t.match(factsOf('rules: []\n'), { configured: true, rules: 0, logsNothing: true })
  t.match(factsOf('rules: [{level: None}, {level: Metadata}]\n'), { logsNothing: true, unreachableRules: 1 })
  t.match(factsOf('rules: [{level: None, users: [a]}, {level: None}]\n'), { logsNothing: true })
  t.match(noAuditPolicy, { configured: false, logsNothing: true, rules: 0 })
  t.strictSame(
    noAuditPolicy.coverage.map(({ request }) => request),
    factsOf('rules: []\n').coverage.map(({ request }) => request),
  )
})

t.test('the least is never more than the most', async () => {
  const rule = fc.record({
    level: fc.constantFrom(...auditLevels),
    users: fc.subarray(['alice']),
    verbs: fc.subarray(['get', 'create', 'list']),
    namespaces: fc.subarray(['', 'default']),
    resources: fc.subarray([
      { group: '', resources: ['secrets'], resourceNames: [] as string[] },
      { group: '', resources: ['*'], resourceNames: ['one'] },
      { group: 'apps', resources: [], resourceNames: [] as string[] },
    ]),
    omitStages: fc.subarray(['RequestReceived', 'ResponseComplete'] as const),
  })
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), rules => {
      const all = rules.map(one => ({ ...one, userGroups: [], nonResourceUrls: [] }))
      const { coverage } = auditFacts({ state: 'policy', rules: all, omitStages: [] }, '')
      return coverage.every(({ least, most }) => auditLevels.indexOf(least) <= auditLevels.indexOf(most))
    }),
  )
})
