// Docker's own engine and its Compose, for whoever is in namespaces of its own: it makes bridges and mounts.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, closeSync, copyFileSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { debianBase } from '../debian-base.ts'
import { startContainerd } from './container-spec.ts'

export interface DockerEngine {
  /** for `docker` and what starts it */
  readonly environment: Readonly<Record<string, string>>
  /** @returns what `docker` printed. @throws what it said when it fails */
  docker(...args: readonly string[]): string
  /** makes an image of a small Debian and this Node.js; the first program of a Dockerfile finds it under that name */
  makeBase(name: string): void
  stop(): Promise<void>
}

/**
 * `docker compose` of this engine is the docker-compose that Debian has, which does not know that a file may name its
 * project: it is told the name beside the file.
 */
const plugin = `#!/bin/sh
set -eu
if [ "\${1-}" = docker-cli-plugin-metadata ]; then
  echo '{"SchemaVersion":"0.1.0","Vendor":"Docker","Version":"1.29.2"}'
  exit 0
fi
[ "$1 $2" = 'compose -f' ]
file=$3
shift 3
without=$DOCKER_CONFIG/compose.yaml
sed '/^name:/d' "$file" >"$without"
name=$(sed -n 's/^name: *//p' "$file")
exec docker-compose -f "$without" --project-directory "$(dirname "$file")" -p "$name" "$@"
`

/** Of no network that a test knows. */
const bridge = '10.231.0.1/24'

/** @param directory that is not there yet, on a file system that layers can be laid over */
export async function startDocker(directory: string): Promise<DockerEngine> {
  const config = join(directory, 'config')
  const plugins = join(config, 'cli-plugins')
  mkdirSync(plugins, { recursive: true })
  writeFileSync(join(plugins, 'docker-compose'), plugin)
  chmodSync(join(plugins, 'docker-compose'), 0o755)
  const socket = `unix://${join(directory, 'docker.sock')}`
  const environment = {
    ...{ PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: directory, DOCKER_CONFIG: config, DOCKER_HOST: socket },
    // The builder that Debian packages.
    DOCKER_BUILDKIT: '0',
  }
  // What a container sees of the host follows what is mounted there.
  execFileSync('mount', ['--make-rshared', '/'])
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  const containerd = await startContainerd(join(directory, 'containerd'))
  const log = openSync(join(directory, 'docker.log'), 'w')
  const places = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'].map(word =>
    word.startsWith('-') ? word : join(directory, word),
  )
  const engine = spawn(
    'dockerd',
    [
      ...['--containerd', containerd.socket, ...places, '--host', socket, '--bip', bridge],
      ...['--iptables=false', '--ip6tables=false', '--userland-proxy=false'],
    ],
    { env: environment, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const docker = (...args: readonly string[]) => {
    const options = { env: environment, encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 } as const
    return execFileSync('docker', args, options).trim()
  }
  for (let attempt = 0; !answers(docker); attempt += 1) {
    if (attempt === 300 || engine.exitCode !== null)
      throw new Error(readFileSync(join(directory, 'docker.log'), 'utf8').slice(-2_000))
    await delay(200)
  }
  return {
    environment,
    docker,
    makeBase(name) {
      const context = join(directory, 'base')
      mkdirSync(context)
      copyFileSync(debianBase(), join(context, 'base.tar'))
      copyFileSync(process.execPath, join(context, 'node'))
      writeFileSync(
        join(context, 'Dockerfile'),
        'FROM scratch\nADD base.tar /\nCOPY --chown=0:0 node /usr/local/bin/node\n',
      )
      const path = 'ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n'
      writeFileSync(join(context, 'Dockerfile'), path, { flag: 'a' })
      docker('build', '--quiet', '--tag', name, context)
    },
    async stop() {
      await end(engine)
      await containerd.stop()
    },
  }
}

function answers(docker: DockerEngine['docker']): boolean {
  try {
    docker('version')
    return true
  } catch {
    return false
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill()
  await ended
}
