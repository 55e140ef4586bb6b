// A small Debian for fuller tests: made by debootstrap once, kept as an archive beside the packages of npm for a week.
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const cache = join(import.meta.dirname, '../node_modules/.cache/gabion-debian')
const packages = 'nftables,iptables,netbase,libstdc++6,libcap2-bin'
/** Another one for other packages. */
const name = `bookworm-${packages.split(',').length}`

/** Several tests may ask at once: one makes it, the others wait. */
const script = `
  set -e
  if [ -n "$(find "$1/$3.tar" -mtime -7 2>/dev/null)" ]; then exit 0; fi
  trap 'rm -rf "$1/root"' EXIT
  rm -rf "$1/root"
  debootstrap --variant=minbase --include="$2" bookworm "$1/root" >&2
  tar -C "$1/root" --exclude=./var/cache/apt/archives --exclude=./var/lib/apt/lists --exclude=./dev -cf "$1/new.tar" .
  mv "$1/new.tar" "$1/$3.tar"
`

/** @returns the path of a tar archive with nft, iptables and getcap, and without Node.js */
export function debianBase(): string {
  mkdirSync(cache, { recursive: true })
  const lock = join(cache, 'lock')
  execFileSync('flock', [lock, 'sh', '-c', script, 'sh', cache, packages, name], {
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  })
  return join(cache, `${name}.tar`)
}

/** Unpacks it into an empty directory, with the devices that programs expect. */
export function unpackDebian(directory: string): void {
  mkdirSync(join(directory, 'dev'), { recursive: true })
  execFileSync('tar', ['-C', directory, '-xf', debianBase()])
  execFileSync('mknod', ['-m', '666', join(directory, 'dev/null'), 'c', '1', '3'])
  execFileSync('mknod', ['-m', '666', join(directory, 'dev/urandom'), 'c', '1', '9'])
}
