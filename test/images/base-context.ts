// What a base for the images is built from, by whichever builder: a small Debian and this Node.js.
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { debianBase } from '../debian-base.ts'

const dockerfile = `FROM scratch
ADD base.tar /
COPY node /usr/local/bin/node
ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`

/** @param directory that is not there yet. @returns it */
export function makeBaseContext(directory: string): string {
  mkdirSync(directory)
  copyFileSync(debianBase(), join(directory, 'base.tar'))
  copyFileSync(process.execPath, join(directory, 'node'))
  chmodSync(join(directory, 'node'), 0o755)
  writeFileSync(join(directory, 'Dockerfile'), dockerfile)
  return directory
}
