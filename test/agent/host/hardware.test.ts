// Tests of hardware facts on the machine that runs the tests, and of those that other machines tell.
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import t from 'tap'
import { hardwareOfKernel, readHardware } from '../../../agent/host/hardware.ts'

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

t.test('the kernel’s files are enough where they tell everything', async t => {
  const files: Readonly<Record<string, string>> = {
    '/proc/cpuinfo': 'processor\t: 0\nmodel name\t: AMD EPYC 7R13\nflags\t\t: fpu hypervisor sse\n',
    '/proc/meminfo': 'MemTotal:        8388608 kB\n',
    '/sys/devices/system/cpu/online': '0-3\n',
    '/sys/class/dmi/id/sys_vendor': 'QEMU\n',
    '/sys/devices/system/clocksource/clocksource0/available_clocksource': 'kvm-clock tsc \n',
  }
  const read = (without?: string) => (path: string) => (path === without ? '' : (files[path] ?? ''))
  t.same(hardwareOfKernel(read()), {
    ...{ cpuModel: 'AMD EPYC 7R13', cpuCores: 4, memoryMiB: 8192, virtualization: 'kvm' },
  })
  for (const missing of ['/proc/cpuinfo', '/proc/meminfo', '/sys/devices/system/cpu/online']) {
    t.equal(hardwareOfKernel(read(missing)), undefined, `without ${missing} the library is asked`)
  }
})
