// Tests of hardware facts on the machine that runs the tests.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import t from 'tap'
import { readHardware } from '../../../agent/host/hardware.ts'

t.test('CPU and memory agree with /proc', async t => {
  const outcome = await readHardware()
  if (outcome.state !== 'present') return t.fail(`${outcome.state}: ${outcome.detail}`)
  const { cpuModel, cpuCores, memoryMiB, virtualization } = outcome.value
  const total = Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1])
  t.equal(memoryMiB, Math.round(total / 1024))
  t.ok(cpuCores >= availableParallelism())
  t.match(cpuModel, /\S/)
  t.match(virtualization, /^[a-z0-9 .-]+$/)
})

t.test('it is asked once', async t => {
  const first = await readHardware()
  t.equal(await readHardware(), first)
})
