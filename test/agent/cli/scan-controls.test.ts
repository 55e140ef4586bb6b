// `gabion-agent scan --controls`: forms, exit codes, mistakes, benchmarks by version.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { readControls } from '../../../agent/cli/read-controls.ts'
import { runBin } from '../../run-bin.ts'

function files(t: Test, texts: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-scan-controls-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const controls = (audit: string, flag: string) => `id: 4
version: own-1
text: Own
type: node
groups:
- id: 4.1
  text: Files
  checks:
  - { id: 4.1.1, text: "A file", audit: "${audit}", tests: { test_items: [{ flag: ${flag} }] }, scored: true, remediation: fix it }
`

const host = (t: Test) =>
  files(t, { 'etc/hostname': 'web-1\n', 'etc/x': 'enabled\n', 'etc/passwd': '', 'etc/group': '' })
const scan = (...args: string[]) => runBin('agent', ['scan', ...args])

t.test('prints a table, JSON and the shape of kube-bench, and fails on demand', async t => {
  const root = host(t)
  const own = files(t, {
    'node.yaml': controls('cat /etc/x', 'enabled'),
    'bad.yaml': controls('cat /etc/x', 'disabled'),
  })
  const args = ['--root', root, '--controls', join(own, 'node.yaml'), '--controls', join(own, 'bad.yaml')]
  const table = await scan(...args, '--fail-on', 'high')
  t.equal(table.code, 1, table.stderr)
  t.match(table.stdout, /FAIL {2}4\.1\.1 {2}A file/)
  t.match(table.stdout, /1 FAIL {2}0 WARN {2}1 PASS {2}0 INFO\n$/)
  const kubeBench = await scan(...args, '-o', 'kube-bench')
  t.equal(kubeBench.code, 0)
  t.match(JSON.parse(kubeBench.stdout), {
    Controls: [
      {
        ...{ id: '4', version: 'own-1', node_type: 'node', total_pass: 1, total_fail: 0 },
        tests: [
          {
            section: '4.1',
            pass: 1,
            results: [{ test_number: '4.1.1', status: 'PASS', scored: true, IsMultiple: false, test_info: ['fix it'] }],
          },
        ],
      },
      { total_fail: 1, tests: [{ results: [{ status: 'FAIL', expected_result: "'disabled' is present" }] }] },
    ],
    Totals: { total_pass: 1, total_fail: 1, total_warn: 0, total_info: 0 },
  })
  const json = await scan(...args, '-o', 'json', '--strict-compat')
  t.match(JSON.parse(json.stdout), {
    ...{ reportVersion: 1, strict: true, counts: { FAIL: 1, PASS: 1 }, host: { hostname: 'web-1' } },
    files: [{ groups: [{ results: [{ id: '4.1.1', state: 'PASS', place: `${join(own, 'node.yaml')}:9:5` }] }] }, {}],
  })
})

t.test('what could not be evaluated has an exit code of its own', async t => {
  const own = files(t, { 'node.yaml': controls('kubectl get x', 'enabled') })
  const result = await scan('--root', host(t), '--controls', own, '--fail-on', 'low')
  t.equal(result.code, 3)
  t.match(result.stdout, /unsupported audit: kubectl/)
})

t.test('mistakes are told with their place, before the host is judged', async t => {
  const own = files(t, {
    'node.yaml': 'type: node\ngroups:\n- checks: 3\n',
    'ok/node.yaml': controls('cat /etc/x', 'y'),
  })
  const wrong = async (pattern: RegExp, ...args: string[]) => {
    const { code, stderr } = await scan('--root', host(t), ...args)
    t.equal(code, 2)
    t.match(stderr, pattern)
  }
  await wrong(/node\.yaml:3:11: checks: expected a list/, '--controls', join(own, 'node.yaml'))
  await wrong(/there is no such file or directory/, '--controls', join(own, 'none'))
  await wrong(/can be had as table, json, kube-bench/, '--controls', join(own, 'ok'), '-o', 'sarif')
  await wrong(/no check or group '9\.9'/, '--controls', join(own, 'ok'), '--check', '9.9')
  await wrong(/--strict-compat goes with --controls/, '--strict-compat')
  await wrong(/cannot be used with option '--since/, '--controls', own, '--since', 'x')
})

t.test('of a directory of benchmarks that of the version is taken, with the settings beside it', async t => {
  const own = files(t, {
    'config.yaml': `version_mapping: { "1.30": one, "1.31": two }\nnode: { components: [kubelet], kubelet: { confs: [/common] } }\n`,
    'one/node.yaml': controls('cat /etc/x', 'y'),
    'two/config.yaml': '---\n',
    'two/node.yaml': controls('cat /etc/x', 'y'),
    'two/master.yaml': controls('cat /etc/x', 'y').replace('type: node', 'type: master'),
  })
  const read = async (version: string) => await readControls([own], async () => version)
  t.same(
    (await read('1.33.1')).map(({ controls }) => controls.path),
    [join(own, 'two/master.yaml'), join(own, 'two/node.yaml')],
  )
  t.match(
    (await read('1.30.0')).map(({ settings }) => settings.components.get('node')?.[0]?.files.conf.paths),
    [['/common']],
  )
  await t.rejects(
    read('1.2.0'),
    /none is meant for Kubernetes 1\.2\.0; name the directory of one benchmark, such as one, two/,
  )
  await t.rejects(read(''), /the version of Kubernetes is not known here/)
  await t.rejects(
    readControls([files(t, { 'a.txt': '' })], async () => ''),
    /there are no controls files/,
  )
})
