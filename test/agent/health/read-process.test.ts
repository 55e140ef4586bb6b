// A process is there, or gone.
import { spawnSync } from 'node:child_process'
import t from 'tap'
import { readProcess } from '../../../agent/health/read-process.ts'

t.test('a process that is there has its start, one that has ended is gone', t => {
  const sleeper = readProcess(process.pid)
  t.match(sleeper, { state: /^[RS]$/, startTicks: Number })
  t.match(
    readProcess(process.pid),
    { startTicks: typeof sleeper === 'string' ? -1 : sleeper.startTicks },
    'always the same',
  )
  const { pid } = spawnSync(process.execPath, ['-e', '0'])
  t.equal(readProcess(pid), 'gone')
  t.end()
})
