// `enroll -`: the string comes by a pipe, whoever writes into it and whenever.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'

const launcher = join(import.meta.dirname, '../../../agent/bin/gabion-agent.js')

t.test('a writer that takes its time, in a pipe whose reads do not wait, is waited for', async t => {
  // What Node.js writes to is in that mode for whoever reads from it, too.
  const writer = "process.stdout.write(''); setTimeout(() => process.stdout.write('gabion_enroll_1_half'), 1500)"
  const line = '"$1" -e "$2" | "$1" "$3" enroll - --state-dir "$4"'
  const words = ['-c', line, 'sh', process.execPath, writer, launcher, join(t.testdir({}), 'state')]
  const { status, stderr } = spawnSync('sh', words, { encoding: 'utf8', env: { PATH: process.env['PATH'] } })
  t.equal(status, 2)
  t.match(stderr, /^gabion-agent: .*is not whole/)
})
