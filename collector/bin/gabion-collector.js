#!/usr/bin/env node
// Refuses an old Node.js before anything is imported that it could not even parse.
const oldest = 24
if (Number(process.versions.node.split('.')[0]) < oldest) {
  process.stderr.write(
    `gabion-collector: needs Node.js ${oldest} or newer, this is ${process.version} (${process.execPath})\n`,
  )
  process.exitCode = 1
} else {
  import('../main.ts').then(({ main }) => main(process.argv))
}
