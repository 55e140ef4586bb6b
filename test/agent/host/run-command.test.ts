// Tests of running programs: exact arguments, fixed environment, limits of time and output.
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { commandLine, runCommand } from '../../../agent/host/run-command.ts'

const sh = (script: string, limits: { timeoutMs?: number; maxOutputBytes?: number } = {}) =>
  runCommand({ command: 'sh', args: ['-c', script], ...limits })

t.test('output and exit code come back as they are', async t => {
  t.same(await sh('printf "a\\n\\n"; printf oops >&2; exit 3'), {
    state: 'present',
    path: 'sh -c printf "a\\n\\n"; printf oops >&2; exit 3',
    value: { exitCode: 3, stdout: 'a\n\n', stderr: 'oops' },
  })
  t.match(await sh("printf '\\377'"), { value: { stdout: '\udcff' } }, 'bytes that are not UTF-8 are kept')
})

t.test('arguments reach the program as they are, never a shell', async t => {
  const args = ['%s|', '$HOME', '`id`', 'a b', '"', "'", ';', '*', 'ü\n', '']
  t.match(await runCommand({ command: 'printf', args }), { value: { stdout: '$HOME|`id`|a b|"|\'|;|*|ü\n||' } })
})

t.test('the environment is fixed, and there is no input', async t => {
  process.env['GABION_SECRET'] = 'x'
  t.teardown(() => delete process.env['GABION_SECRET'])
  const outcome = await runCommand({ command: 'env', args: [] })
  t.match(outcome, { state: 'present' })
  const lines = outcome.state === 'present' ? outcome.value.stdout.trim().split('\n') : []
  // tap gives variables of its own to every process that a test starts.
  const own = lines.filter(line => !/^(_TAPJS|NODE_OPTIONS=|\/)/.test(line))
  t.same(own.sort(), ['LANG=C', 'LC_ALL=C', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin'])
  t.match(await runCommand({ command: 'cat', args: [] }), { value: { exitCode: 0, stdout: '' } })
  t.match(await runCommand({ command: 'pwd', args: [] }), { value: { stdout: '/\n' } })
})

t.test('a program that is not installed is absent, and only names are looked up', async t => {
  t.match(await runCommand({ command: 'no-such-program', args: ['-x'] }), {
    state: 'absent',
    path: 'no-such-program -x',
    detail: 'no-such-program is not installed',
  })
  for (const command of ['/bin/sh', '../bin/sh', '', 'sh\0']) {
    t.match(await runCommand({ command, args: [] }), { state: 'absent' }, JSON.stringify(command))
  }
})

t.test('a program that does not end is killed with all it started', async t => {
  const seconds = `${90_000_000 + process.pid}`
  const outcome = await sh(`sleep ${seconds} & sleep ${seconds}`, { timeoutMs: 200 })
  t.match(outcome, { state: 'timedOut', detail: 'no end after 200 ms' })
  t.same(runningWith(seconds), [])
})

t.test('a program that hands its output to a daemon is not waited for', async t => {
  const seconds = `${190_000_000 + process.pid}`
  t.teardown(() => {
    for (const pid of runningWith(seconds)) process.kill(Number(pid), 'SIGKILL')
  })
  // The shell ends only when the daemon is in a session of its own: then it has let go of the inner pipe.
  const daemon = `setsid sh -c 'exec sleep ${seconds} >&3'`
  const outcome = await sh(`exec 3>&1; : "$(${daemon} &)"; exit 0`, { timeoutMs: 1500 })
  t.match(outcome, { state: 'timedOut', detail: 'no end after 1500 ms' })
  t.equal(runningWith(seconds).length, 1, 'the daemon goes on and holds the output, and the outcome is there')
})

t.test('a program that ignores signals is killed all the same', async t => {
  t.match(await sh('trap "" TERM INT HUP; while :; do sleep 0.1; done', { timeoutMs: 200 }), { state: 'timedOut' })
})

t.test('output over the limit is tooLarge, also when it never ends', async t => {
  t.match(await sh('printf 12345', { maxOutputBytes: 5 }), { state: 'present', value: { stdout: '12345' } })
  t.match(await sh('printf 123456', { maxOutputBytes: 5 }), { state: 'tooLarge', detail: /5 bytes/ })
  t.match(await runCommand({ command: 'yes', args: [] }), { state: 'tooLarge' })
})

t.test('of the error output only the beginning is kept', async t => {
  const outcome = await sh('head -c 5000 /dev/zero | tr "\\0" e >&2')
  t.equal(outcome.state === 'present' && outcome.value.stderr.length, 2048)
})

t.test('a program that dies of a signal has no exit code', async t => {
  t.match(await sh('kill -SEGV $$'), { state: 'unavailable', detail: 'killed by SIGSEGV' })
})

t.test('the line names the argument vector', async t => {
  t.equal(commandLine({ command: 'nft', args: ['-j', 'list', 'ruleset'] }), 'nft -j list ruleset')
})

/** Process ids whose command line has this word. */
function runningWith(word: string): string[] {
  return readdirSync('/proc').filter(pid => /^\d+$/.test(pid) && commandLineOf(pid).split('\0').includes(word))
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
