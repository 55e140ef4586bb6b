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
  // In a process that stays, compiling what runs a few times a minute costs more memory than it saves; floods still get
  // compiled, but not by the compiler that brings five megabytes of itself along. What ends soon is better off without.
  if (process.argv[2] === 'run' && process.versions.node.startsWith('24.')) {
    setFlagsFromString('--invocation-count-for-maglev=20000')
    setFlagsFromString('--invocation-count-for-maglev-osr=2000')
    setFlagsFromString('--no-turbofan')
    setFlagsFromString('--no-sparkplug')
    setFlagsFromString('--optimize-for-size')
  }
  import('../main.ts').then(({ main }) => main(process.argv))
}
