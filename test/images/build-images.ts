// Builds both images with buildah, without a registry, on a base of Debian packages and the Node.js that npm brings.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { documentedLine } from '../documented-line.ts'
import { makeBaseContext } from './base-context.ts'

const root = join(import.meta.dirname, '../..')

export type ImageName = 'agent' | 'collector'

/** What an image says of itself. */
export interface ImageConfig {
  readonly User?: string
  readonly Env: readonly string[]
  readonly Entrypoint: readonly string[]
  readonly Cmd: readonly string[]
  readonly Labels: Readonly<Record<string, string>>
  readonly Volumes: Readonly<Record<string, object>>
  readonly Healthcheck?: { readonly Test: readonly string[] }
}

export interface Images {
  /** a directory for whoever uses them, removed with them */
  readonly work: string
  /** root file system of a container of it */
  mount(image: ImageName): string
  config(image: ImageName): ImageConfig
  remove(): void
}

/** @throws what buildah or debootstrap say when they fail */
export function buildImages(): Images {
  const work = mkdtempSync(join(tmpdir(), 'gabion-images-'))
  const storage = ['--root', join(work, 'storage'), '--runroot', join(work, 'run')]
  const buildah = (...args: readonly string[]) => run('buildah', ...storage, ...args)
  buildah('bud', '-q', '-t', 'localhost/gabion-base', makeBaseContext(join(work, 'base')))
  run(process.execPath, 'scripts/build.ts')
  // The format of OCI has no health check.
  const options = ['-q', '--format', 'docker', '--pull-never', '--build-arg', 'BASE=localhost/gabion-base']
  for (const name of ['agent', 'collector'] as const) buildah('bud', ...options, ...documentedBuild(name))
  return {
    work,
    mount: image => buildah('mount', buildah('from', '--pull-never', tagOf(image))),
    config: image => {
      const about = JSON.parse(buildah('inspect', '--type', 'image', tagOf(image))) as {
        readonly Docker: { readonly config: ImageConfig }
      }
      return about.Docker.config
    },
    remove() {
      buildah('umount', '--all')
      for (const mount of mountsBelow(work)) run('umount', mount)
      rmSync(work, { recursive: true, force: true })
    },
  }
}

/** What the guide has behind `docker build`: buildah takes the same. */
const documentedBuild = (image: ImageName): readonly string[] =>
  documentedLine('docs/kubernetes.md', `docker build -f Dockerfile.${image} `).split(' ').slice(2)

function tagOf(image: ImageName): string {
  const words = documentedBuild(image)
  return words[words.indexOf('-t') + 1] ?? ''
}

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot' },
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  }).trim()
}

/** What is mounted below a directory, the deepest first: container storages mount themselves. */
function mountsBelow(directory: string): readonly string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[1] ?? '')
    .filter(path => path.startsWith(`${directory}/`))
    .sort()
    .reverse()
}
