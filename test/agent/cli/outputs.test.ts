// Where reports go: several in one run, whole files, one on standard output, mistakes told before anything is read.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { readFile as readFileLater } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { formatNames } from '../../../report/formats.ts'
import { runBin } from '../../run-bin.ts'

const scan = (...args: string[]) => runBin('agent', ['scan', '--check', 'address-space-randomized', ...args])

t.test('several reports are written in one run, one of them to standard output', async t => {
  const directory = t.testdir({ 'old.json': 'old' })
  const file = (name: string) => join(directory, name)
  const outputs = ['-o', `json=${file('old.json')}`, '-o', 'table', '--output', `table=${file('report.txt')}`]
  const { code, stdout, stderr } = await scan(...outputs)
  t.same({ code, stderr }, { code: 0, stderr: '' })
  t.match(stdout, /^Score \d+ of 100/m)
  t.equal(JSON.parse(readFileSync(file('old.json'), 'utf8')).reportVersion, 1, 'an old file is replaced')
  t.match(readFileSync(file('report.txt'), 'utf8'), /^Score \d+ of 100/m)
  t.same(readdirSync(directory).sort(), ['old.json', 'report.txt'], 'nothing is left beside them')
})

t.test('a symlink is kept and what it names is replaced; a FIFO is written to', async t => {
  const directory = t.testdir({ real: { 'report.json': '' } })
  symlinkSync('real/report.json', join(directory, 'link.json'))
  const { stdout } = await scan('-o', `json=${join(directory, 'link.json')}`, '-o', 'table=/dev/stdout')
  t.match(stdout, /^Score /m, 'and standard output has several names')
  t.ok(readFileSync(join(directory, 'real/report.json'), 'utf8').startsWith('{'))
  t.same(readdirSync(join(directory, 'real')), ['report.json'])
  const fifo = join(directory, 'fifo')
  execFileSync('mkfifo', [fifo])
  const [, text] = await Promise.all([scan('-o', `json=${fifo}`), readFileLater(fifo, 'utf8')])
  t.equal(JSON.parse(text).reportVersion, 1)
  t.ok(statSync(fifo).isFIFO(), 'and stays one')
})

t.test('mistakes are told before the host is read', async t => {
  const directory = t.testdir({ folder: {}, file: '' })
  mkdirSync(join(directory, 'folder/inside'))
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['-o', 'xml=a'], /'xml=a'.*expected one of table, json/],
    [['-o', 'json='], /expected a file after 'json='/],
    [['-o', 'json', '-o', 'table=-'], /--output json and --output table both go to standard output/],
    [['-o', 'json=/tmp/x', '-o', 'table=/tmp/x'], /name the same file/],
    [['-o', `json=${directory}/gone/x`], /gone\/x: cannot be written \(ENOENT\)/],
    [['-o', `json=${directory}/folder`], /folder: is a directory/],
    [['-o', `json=${directory}/file/x`], /cannot be written \(ENOTDIR\)|is not a directory/],
  ]
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await scan(...args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, message)
    t.equal(stdout, '')
  }
  t.notOk(existsSync(join(directory, 'gone')))
})

t.test('a fix plan is written beside the report, for its owner alone', async t => {
  const directory = t.testdir({})
  const { code, stderr } = await runBin('agent', [
    'scan',
    '--fix-plan',
    directory,
    '-o',
    `json=${directory}/report.json`,
  ])
  t.equal(code, 0, stderr)
  t.same(readdirSync(directory).sort(), ['fix-plan.sh', 'fix-plan.yaml', 'report.json'])
  for (const name of ['fix-plan.sh', 'fix-plan.yaml']) {
    t.equal(statSync(join(directory, name)).mode & 0o777, 0o600)
    t.match(readFileSync(join(directory, name), 'utf8'), '# Fix plan for ')
  }
  execFileSync('bash', ['-n', join(directory, 'fix-plan.sh')])
  t.match(execFileSync('bash', [join(directory, 'fix-plan.sh')], { encoding: 'utf8' }), /Nothing was changed/)
  t.equal((await scan('--fix-plan', join(directory, 'only.yml'))).code, 0)
  t.ok(existsSync(join(directory, 'only.yml')))
  const wrong = await scan('--fix-plan', join(directory, 'plan.txt'))
  t.match(wrong, {
    code: 2,
    stderr: /--fix-plan .*plan.txt: expected a directory, or a file that ends in .sh or .yaml/,
  })
  t.match(await scan('--fix-plan', '/does/not/exist.sh'), { code: 2, stderr: /cannot be written \(ENOENT\)/ })
})

t.test('each format is in the help and can be written', async t => {
  const directory = t.testdir({})
  const help = (await runBin('agent', ['scan', '--help'])).stdout
  const { code, stderr } = await scan(...formatNames.flatMap(name => ['-o', `${name}=${join(directory, name)}`]))
  t.equal(code, 0, stderr)
  const page = readFileSync(join(import.meta.dirname, '../../../docs/reports.md'), 'utf8')
  for (const name of formatNames) {
    t.match(page, new RegExp(`^\\| \`${name}\` \\| `, 'm'), `${name} is in docs/reports.md`)
    t.match(help, new RegExp(`^ {2}${name} `, 'm'))
    t.ok(statSync(join(directory, name)).size > 0, name)
  }
})
