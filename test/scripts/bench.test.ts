// Which benches there are, and what happens to a name that is none.
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '../..')
const bench = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts/bench.ts'), ...args], { encoding: 'utf8' })

t.test('every bench is listed with what it measures, other sides of benches are not', t => {
  const { stdout, status } = bench('--list')
  t.equal(status, 0)
  const names = stdout
    .trimEnd()
    .split('\n')
    .map(line => line.split(' ', 1)[0] ?? '')
  t.ok(names.includes('latency'))
  t.match(stdout, /^latency +From a change on a host to its drift row/m)
  const files = globSync('*.ts', { cwd: join(root, 'bench') }).map(file => basename(file, '.ts'))
  const texts = files.map(file => readFileSync(join(root, 'bench', `${file}.ts`), 'utf8'))
  /** what another one imports or starts */
  const parts = files.filter(file => texts.some(text => new RegExp(`^[^/]*'(\\./)?${file}\\.ts'`, 'm').test(text)))
  t.ok(parts.includes('fleet-agents'))
  t.same(
    files.filter(file => !names.includes(file)),
    parts,
  )
  t.end()
})

t.test('a name that is none is one clear error', t => {
  t.match(bench('speed'), { status: 2, stdout: '', stderr: /^bench: no bench is called "speed"; there are .*latency/ })
  t.end()
})
