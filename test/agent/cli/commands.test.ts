// The command line of the agent as a user meets it: help, mistakes, exit codes, output for people and programs.
import { execFileSync } from 'node:child_process'
import t from 'tap'
import { probes } from '../../../agent/probes.generated.ts'
import { version } from '../../../runtime/version.ts'
import { runBin } from '../../run-bin.ts'

t.test('an old Node.js is refused with one clear line before anything is imported', async t => {
  const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.11.0"})'
  for (const bin of ['agent', 'collector'] as const) {
    const { code, stdout, stderr } = await runBin(bin, ['--version'], { node: ['--import', old] })
    t.equal(code, 1)
    t.equal(stdout, '')
    t.match(stderr, new RegExp(`^gabion-${bin}: needs Node.js 24 or newer, this is v[^\\n]+\\n$`))
  }
})

t.test('help names every command, and each command has help with its options', async t => {
  const { code, stdout } = await runBin('agent', ['--help'])
  t.equal(code, 0)
  for (const command of ['scan', 'facts', 'diff', 'run', 'healthcheck', 'sbom', 'policy', 'completion']) {
    t.match(stdout, new RegExp(`^ {2}${command} `, 'm'))
    const help = await runBin('agent', [command, '--help'])
    t.equal(help.code, 0)
    t.match(help.stdout, `Usage: gabion-agent ${command}`)
  }
  t.match((await runBin('agent', ['scan', '--help'])).stdout, /Exit codes:\n {2}0 {2}done/)
})

t.test('the version is printed', async t => {
  t.same(await runBin('agent', ['--version']), { code: 0, stdout: `${version}\n`, stderr: '' })
})

t.test('bad usage ends with 2 and one line that names what was wrong', async t => {
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['scam'], /unknown command 'scam'/],
    [['scan', '--fial-on', 'high'], /unknown option '--fial-on'/],
    [['scan', '--fail-on', 'severe'], /--fail-on.*'severe'.*critical, high, medium, low/],
    [['scan', '--output', 'xml'], /--output.*'xml'.*table, json/],
    [['scan', '--probe', 'prots'], /unknown probe 'prots'; there are .*ports/],
    [
      ['scan', '--check', 'kubelet-anonymous'],
      /unknown check 'kubelet-anonymous'; near it: kubelet-anonymous-auth-disabled/,
    ],
    [['scan', '--profile', 'cis'], /unknown profile 'cis'/],
    [['scan', '--root', '/does/not/exist'], /--root \/does\/not\/exist: cannot be opened \(ENOENT\)/],
    [['scan', '--root', '/etc/passwd'], /--root \/etc\/passwd: is not a directory/],
    [['facts'], /name the facets to read, or give --all/],
    [['facts', 'nothing'], /unknown probe 'nothing'/],
    [['run', '--textfile', '/does/not/exist'], /--textfile \/does\/not\/exist: cannot be opened \(ENOENT\)/],
    [
      ['run', '--textfile', '/tmp', '--collector', 'unix:/x'],
      /'--textfile <dir>' cannot be used with option '--collector/,
    ],
    [
      ['scan', '--facts', '-', '--kubelet-token-file', '/x'],
      /'--facts <file>' cannot be used with option '--kubelet-tok/,
    ],
    [['run', '--collector', 'nowhere'], /--collector nowhere: expected HOST:PORT/],
    [['run', '--collector', '192.0.2.1:50051'], /loopback/],
    [['run', '--exchange-address', 'unix:/x'], /--exchange-address unix:\/x: expected HOST:PORT/],
    [['run', '--collector', '127.0.0.1:50051', '--exchange-address', '192.0.2.1:1'], /--exchange-address .*loopback/],
    [['completion', 'tcsh'], /'tcsh'.*bash, zsh, fish/],
  ]
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await runBin('agent', args)
    t.equal(code, 2, args.join(' '))
    t.match(stderr, message)
    t.equal(stdout, '', 'nothing on standard output')
    t.notMatch(stderr, /\n {4}at /, 'no stack trace')
  }
})

t.test('facts prints one facet as JSON', async t => {
  const { code, stdout } = await runBin('agent', ['facts', 'kernel-modules'])
  t.equal(code, 0)
  const { facets } = JSON.parse(stdout)
  t.same(Object.keys(facets), ['kernelModules'])
  t.match(facets.kernelModules, { facet: 'kernel-modules', state: 'present', digest: /^sha256:[0-9a-f]{64}$/ })
  t.ok(facets.kernelModules.facts.modules.length > 10, 'holds the modules that are looked for')
  t.ok(facets.kernelModules.observations, 'and observations apart')
})

t.test('facts --all prints every facet', async t => {
  const { stdout } = await runBin('agent', ['facts', '--all'])
  const { facets } = JSON.parse(stdout)
  t.same(Object.keys(facets).sort(), probes.map(probe => probe.facet.property).sort())
  const failed = Object.values<{ facet: string; state: string }>(facets).filter(({ state }) => state === 'error')
  t.same(failed, [], 'and no probe fails on this machine')
})

t.test('scan without a terminal prints no colours, with --output json one document', async t => {
  const table = await runBin('agent', ['scan'])
  t.equal(table.code, 0)
  t.notMatch(table.stdout, /\u001b/)
  t.match(table.stdout, /^Score \d+ of 100, coverage \d+ %$/m)
  const { code, stdout } = await runBin('agent', ['scan', '-o', 'json'])
  t.equal(code, 0)
  const report = JSON.parse(stdout)
  t.match(report, { reportVersion: 1, tool: { name: 'gabion-agent', version }, host: { root: '/' } })
  t.ok(report.results.length >= 30, `${report.results.length} results`)
})

t.test('--probe, --check, --profile and --severity choose what is judged', async t => {
  const results = async (...args: string[]) =>
    JSON.parse((await runBin('agent', ['scan', '-o', 'json', ...args])).stdout).results as {
      check: string
      severity: string
      facets: string[]
    }[]
  const modules = await results('--probe', 'kernel-modules')
  t.ok(modules.length > 0)
  for (const { check, facets } of modules) t.same(facets, ['kernelModules'], check)
  const one = await results('--check', 'kubelet-anonymous-auth-disabled')
  t.same(
    one.map(result => result.check),
    ['kubelet-anonymous-auth-disabled'],
  )
  const worst = await results('--severity', 'critical')
  t.ok(worst.length > 0)
  t.same([...new Set(worst.map(result => result.severity))], ['critical'])
  const cks = await results('--profile', 'cks')
  t.ok(cks.length > 0)
})

t.test('completion scripts know the commands and are valid shell', async t => {
  const { stdout } = await runBin('agent', ['completion', 'bash'])
  execFileSync('bash', ['-n'], { input: stdout })
  const script = `${stdout}\nCOMP_WORDS=(gabion-agent scan --fai); COMP_CWORD=2; _gabion_agent; echo "\${COMPREPLY[@]}"`
  t.equal(execFileSync('bash', ['-c', script], { encoding: 'utf8' }), '--fail-on\n')
  const values = `${stdout}\nCOMP_WORDS=(gabion-agent scan -o js); COMP_CWORD=3; _gabion_agent; echo "\${COMPREPLY[@]}"`
  t.equal(execFileSync('bash', ['-c', values], { encoding: 'utf8' }), 'json\n', 'values of options, too')
  const complete = (...words: string[]) =>
    execFileSync(
      'bash',
      [
        '-c',
        `${stdout}\nCOMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _gabion_agent; echo "\${COMPREPLY[@]}"`,
      ],
      {
        encoding: 'utf8',
      },
    )
  t.equal(complete('gabion-agent', 'policy', 'l'), 'lint list\n', 'commands below a command')
  t.equal(complete('gabion-agent', 'policy', 'list', '--sev'), '--severity\n', 'and their options')
  t.equal(complete('gabion-agent', 'policy', 'list', '--severity', 'h'), 'high\n')
  const fish = (await runBin('agent', ['completion', 'fish'])).stdout
  t.match(fish, /^complete -c gabion-agent .* -a scan /m)
  t.match(fish, /-n '__fish_seen_subcommand_from policy' -f -a lint -d /)
  t.match(fish, / -l fail-on -x -a 'critical high medium low'$/m)
})
