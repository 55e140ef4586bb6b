#!/usr/bin/env node
// Refuses an old Node.js before anything is imported that it could not even parse.
import { setFlagsFromString } from 'node:v8'

const oldest = 24
if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    `gabion-agent: needs Node.js ${oldest} or newer, this is ${process.version} (${process.execPath})\n`,
  )
  process.exitCode = 1
} else {
  // Compiling what runs a few times costs more time and memory than it saves; floods still get compiled. In a process that
  // stays, not by the compiler that brings five megabytes of itself along.
  if (process.versions.node.startsWith('24.')) {
    setFlagsFromString('--invocation-count-for-maglev=20000')
    setFlagsFromString('--invocation-count-for-maglev-osr=2000')
    if (process.argv[2] === 'run') {
      setFlagsFromString('--no-turbofan')
      setFlagsFromString('--no-sparkplug')
      setFlagsFromString('--optimize-for-size')
    }
  }
  // Asked again and again, and to cost little: without all the others.
  const program = process.argv[2] === 'healthcheck' ? import('../healthcheck.ts') : import('../main.ts')
  program.then(({ main }) => main(process.argv))
}
