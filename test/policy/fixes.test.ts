// The fixes of the built-in checks: each comes of a failing row of its own, and makes a script that is sound.
import { spawnSync } from 'node:child_process'
import t from 'tap'
import { catalog } from '../../policy/catalog.generated.ts'
import { parseCheckFile } from '../../policy/catalog.ts'
import type { Check, FixStep } from '../../policy/check.ts'
import { rowEvaluation } from '../../policy/check-row.ts'
import { createEngine } from '../../policy/engine.ts'
import { facets } from '../../proto/facets.generated.ts'
import { createFixPlan } from '../../report/fix-plan.ts'
import { renderFixPlaybook } from '../../report/fix-playbook.ts'
import { renderFixScript } from '../../report/fix-script.ts'
import { createScanReport } from '../../report/scan-report.ts'
import { readCatalog } from '../../scripts/generators/catalog.ts'
import { root } from '../rules/sources.ts'
import { findTool } from '../tools.ts'

const engine = createEngine(catalog, facets, { verified: true })
const checks = readCatalog(root).checks.flatMap(file => file.items)
const fixable = checks.filter(check => check.fix)

/** What failing rows of a check are to do, those without a fix left out. */
function fixesOf(check: Check): readonly (readonly FixStep[])[] {
  return check.tests
    .filter(row => row.expect === 'fail')
    .flatMap(row => engine.evaluate({ ...rowEvaluation(facets, check, row), fixes: true }))
    .flatMap(({ fix }) => (fix ? [fix] : []))
}

t.ok(fixable.length > 100, `${fixable.length} checks have a fix`)

for (const check of fixable) {
  t.ok(fixesOf(check).length > 0, `${check.id}: at least one failing row has a fix`)
}

t.test('files have names of their own, and no two checks share one', async t => {
  const files = fixable.flatMap(({ fix = [] }) => fix.flatMap(step => ('file' in step ? [step.file] : [])))
  t.same(
    files.filter((file, index) => files.indexOf(file) !== index),
    [],
  )
  for (const file of files) t.match(file, /^\/etc\/[\w./-]+\/(?:\d\d-)?gabion-[\w-]+\.conf$/)
})

t.test('nobody asks for fixes, nobody gets them; a pass has none', async t => {
  const [check] = fixable
  for (const row of check?.tests ?? []) {
    if (!check) break
    const [without] = engine.evaluate(rowEvaluation(facets, check, row))
    t.notOk(without?.fix)
    if (row.expect === 'fail') continue
    const [result] = engine.evaluate({ ...rowEvaluation(facets, check, row), fixes: true })
    t.notOk(result?.fix, row.name)
  }
})

t.test('all of them together are a sound script and playbook', async t => {
  const results = fixable.flatMap(check => {
    const row = check.tests.find(
      one => one.expect === 'fail' && engine.evaluate({ ...rowEvaluation(facets, check, one), fixes: true })[0]?.fix,
    )
    return row ? engine.evaluate({ ...rowEvaluation(facets, check, row), fixes: true }) : []
  })
  const report = createScanReport({
    ...{ tool: { name: 'gabion-agent', version: '0' }, root: '/', scannedAt: '', profiles: [], checks, results },
    score: { score: 0, coverage: 0, counts: { pass: 0, fail: 0, error: 0, manual: 0, not_applicable: 0 }, waived: 0 },
    facets: [],
  })
  const plan = createFixPlan(report)
  t.equal(plan.fixes.length, fixable.length)
  const script = renderFixScript(plan)
  t.equal(spawnSync('bash', ['-n'], { input: script }).status, 0)
  if (findTool('shellcheck')) {
    const { status, stdout } = spawnSync('shellcheck', ['-s', 'bash', '-'], { input: script, encoding: 'utf8' })
    t.equal(status, 0, stdout)
  }
  t.match(renderFixPlaybook(plan), 'tags: [never, "address-space-randomized", high]')
})

t.test('a mistake in a fix is told with its place', async t => {
  const source = `- id: x
  title: X
  severity: low
  pass: 'true'
  evidence: '[]'
  rationale: R
  remediation: R
  fix:
    - paths: /x
      modes: '0600'
`
  t.throws(() => parseCheckFile(source, 'x.yaml'), { message: /x\.yaml:10:7.*unknown key "modes".*mode/ })
})
