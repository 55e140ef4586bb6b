// Tests of the parser of audit policies.
import fc from 'fast-check'
import t from 'tap'
import { auditLevels, auditStages, parseAuditPolicy } from '../../../agent/parse/audit-policy.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n'
const policy = `${head}omitStages:
- RequestReceived
rules:
- level: None
  users: ["system:kube-proxy"]
  verbs: [watch]
  resources:
  - group: ""
    resources: [endpoints, services, services/status]
- level: Request
  userGroups: ["system:nodes"]
  namespaces: [kube-system]
  omitStages: [ResponseStarted, RequestReceived]
  resources:
  - resources: [configmaps]
    resourceNames: [controller-leader]
- level: None
  nonResourceURLs: ["/healthz*", /version]
- level: RequestResponse
`

t.test('rules are read in order, with the stages that the policy leaves out', async t => {
  const parsed = parseAuditPolicy(policy)
  if (parsed.state !== 'policy') throw new Error(parsed.detail)
  const none = {
    users: [],
    userGroups: [],
    verbs: [],
    namespaces: [],
    resources: [],
    nonResourceUrls: [],
    omitStages: ['RequestReceived'],
  }
  t.strictSame(parsed.omitStages, ['RequestReceived'])
  t.strictSame(parsed.rules, [
    {
      ...none,
      level: 'None',
      users: ['system:kube-proxy'],
      verbs: ['watch'],
      resources: [{ group: '', resources: ['endpoints', 'services', 'services/status'], resourceNames: [] }],
    },
    {
      ...none,
      level: 'Request',
      userGroups: ['system:nodes'],
      namespaces: ['kube-system'],
      resources: [{ group: '', resources: ['configmaps'], resourceNames: ['controller-leader'] }],
      omitStages: ['RequestReceived', 'ResponseStarted'],
    },
    { ...none, level: 'None', nonResourceUrls: ['/healthz*', '/version'] },
    { ...none, level: 'RequestResponse' },
  ])
})

t.test('a policy without rules has none; JSON is read as well', async t => {
  t.match(parseAuditPolicy(head), { state: 'policy', rules: [] })
  t.match(parseAuditPolicy(`${head}rules:\n`), { state: 'policy', rules: [] })
  const json = '{"apiVersion":"audit.k8s.io/v1","kind":"Policy","rules":[{"level":"Metadata"}]}'
  t.match(parseAuditPolicy(json), { state: 'policy', rules: [{ level: 'Metadata' }] })
})

t.test('what the API server refuses is malformed, at its line', async t => {
  const rows: readonly (readonly [string, number, string])[] = [
    ['kind: Pod\n', 0, 'kind is Pod, not Policy'],
    ['kind: "my secret"\n', 0, 'kind is missing, not Policy'],
    ['kind: Policy\napiVersion: v1\n', 2, 'apiVersion is not audit.k8s.io/v1'],
    [`${head}rules: {}\n`, 3, 'rules is not a list'],
    [`${head}rules:\n- level: None\n- level: metadata\n`, 5, 'a rule has no level that is known'],
    [`${head}rules:\n- None\n`, 4, 'a rule is not a mapping'],
    [`${head}rules:\n- level: None\n  users: alice\n`, 4, 'a rule has a list that is none'],
    [`${head}rules:\n- level: None\n  verbs: [1]\n`, 4, 'a rule has a list that is none'],
    [`${head}rules:\n- level: None\n  resources: [pods]\n`, 4, 'a rule has a list that is none'],
    [`${head}omitStages: [Never]\nrules: []\n`, 3, 'omitStages has what is no stage'],
    [`${head}rules:\n- level: None\n  omitStages: [Never]\n`, 4, 'omitStages has what is no stage'],
    [
      `${head}rules:\n- level: None\n  namespaces: [a]\n  nonResourceURLs: [/x]\n`,
      4,
      'a rule names resources and URLs that are none',
    ],
    ['a: b: c\n', 1, 'not YAML'],
  ]
  for (const [text, line, detail] of rows) {
    t.strictSame(parseAuditPolicy(text), { state: 'malformed', line, detail }, detail)
  }
})

t.test('any policy is read back, rule by rule', async t => {
  const texts = fc.array(fc.string(), { maxLength: 3 })
  const stages = fc.subarray([...auditStages])
  const common = { level: fc.constantFrom(...auditLevels), users: texts, userGroups: texts, verbs: texts }
  const resources = fc.array(fc.record({ group: fc.string(), resources: texts, resourceNames: texts }), {
    maxLength: 3,
  })
  const none = fc.constant([])
  const rule = fc.oneof(
    fc.record({ ...common, omitStages: stages, namespaces: texts, resources, nonResourceURLs: none }),
    fc.record({ ...common, omitStages: stages, namespaces: none, resources: none, nonResourceURLs: texts }),
  )
  readsAs(
    fc.record({ omitStages: stages, rules: fc.array(rule, { maxLength: 4 }) }),
    policy => ({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', ...policy }),
    parseAuditPolicy,
    ({ omitStages, rules }) => ({
      state: 'policy',
      omitStages,
      rules: rules.map(({ nonResourceURLs, ...rule }) => ({
        ...rule,
        resources: rule.resources.map(one => ({ ...one })),
        nonResourceUrls: nonResourceURLs,
        omitStages: [...new Set([...omitStages, ...rule.omitStages])],
      })),
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseAuditPolicy, policy)
})
