// Tests of the names of system calls against each other and the kernel headers of this machine.
import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { linuxSyscalls } from '../../../agent/parse/linux-syscalls.ts'
import { findTool } from '../../tools.ts'

t.test('names are those of calls, in order', async t => {
  const names = [...linuxSyscalls]
  t.strictSame(names, names.toSorted())
  for (const name of names) t.match(name, /^[a-z_][a-z0-9_]+$/)
})

/** Debian's linux-libc-dev has these for whatever machine it is on. */
const headers = ['unistd_64.h', 'unistd_32.h', 'unistd_x32.h']
  .flatMap(name => ['x86_64', 'aarch64'].map(machine => `/usr/include/${machine}-linux-gnu/asm/${name}`))
  .filter(path => existsSync(path))

t.test('every call of the kernel headers is there', async t => {
  if (headers.length === 0 || !findTool('sh')) {
    t.comment('not compared: no kernel headers (package linux-libc-dev)')
    return
  }
  for (const header of headers) {
    const names = [...readFileSync(header, 'utf8').matchAll(/^#define __NR_(\w+) /gm)].map(([, name = '']) => name)
    t.ok(names.length > 200, `${names.length} calls in ${header}`)
    t.strictSame(
      names.filter(name => !linuxSyscalls.has(name)),
      [],
      header,
    )
  }
})
